/**
 * What can be broken in the reducers without anybody being able to tell, each with the reason. Nothing else may survive.
 * One that does not survive any more, or is not there any more, fails as well: it has no place here.
 */
export const EQUIVALENTS = {
  // What is not there is not compared: NaN and undefined are no.
  "connection: state.is === 'joined' => true":
    'a topic that is being joined has no `since`: NaN is not >= anything',
  "room-state: state.info.is === 'loading' => true": 'what is not being loaded has no `isAgain`',
  // Nobody looks.
  'timeline: false => true (2)':
    'before the first page nobody asks for older ones, and it says whether there are any',
  'send-queue: a.id < b.id => a.id <= b.id': 'no two messages have one id',
}
