/** Under which names the tabs of one browser meet. */

/** Who sends this person's messages. The same in every version of the page: two versions must not send at once. */
export const leadOf = (userId: string) => `bedside:${userId}`

/** `1`: the shape of `TabMessage`. Raise it with the shape. */
export const channelOf = (userId: string) => `bedside:1:${userId}`
