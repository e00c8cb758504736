-- So that the index of words is taken whatever the plan: the vector dear, and little waiting to be sorted in. Without it a
-- long room's every text is taken apart, which takes 10 s in one of 100,000 messages.

alter function private.search_vector(text) cost 100000;
alter index public.chat_messages_search set (gin_pending_list_limit = 256);
