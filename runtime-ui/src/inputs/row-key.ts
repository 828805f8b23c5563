/** Marks rows of a form that are not saved yet, so that they can be told apart; never sent. */
export const ROW_KEY = '__row'
