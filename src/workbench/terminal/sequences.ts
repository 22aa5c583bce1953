/**
 * Undoes what a program that had the terminal, or was killed in it, may have left on: a half-painted synchronized
 * update, attributes, a scroll region, autowrap off, cursor and keypad keys in application mode, mouse reports.
 */
const reset =
  '\u001B[?2026l\u001B[0m\u001B[r\u001B[?7h\u001B[?1l\u001B>\u001B[?1000l\u001B[?1002l\u001B[?1003l\u001B[?1006l';

/** The alternate screen, cursor hidden, pastes marked as such. */
export const enterScreen = `\u001B[?1049h${reset}\u001B[?25l\u001B[?2004h`;

/** The normal screen as it was. */
export const leaveScreen = `${reset}\u001B[?2004l\u001B[?25h\u001B[?1049l`;

/**
 * For the end of the course while a program has the normal screen: what it may have left on, and its marked pastes.
 * The cursor is kept, which taking back the scroll region moves (ctlseqs, DECSTBM).
 */
export const resetScreen = `\u001B7${reset}\u001B8\u001B[0m\u001B[?2004l\u001B[?25h`;
