/** The alternate screen, cursor hidden, pastes marked as such. */
export const enterScreen = '\u001B[?1049h\u001B[?25l\u001B[?2004h';

/**
 * Undoes `enterScreen` and whatever a program that was killed in between may have left on: attributes, cursor
 * keys in application mode, mouse reports, a scroll region, autowrap off.
 */
export const leaveScreen =
  '\u001B[?2026l\u001B[0m\u001B[r\u001B[?7h\u001B[?1l\u001B>\u001B[?1000l\u001B[?1002l\u001B[?1006l\u001B[?2004l\u001B[?25h\u001B[?1049l';
