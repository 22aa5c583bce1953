export function createLesson(
  course: string,
  wanted: { readonly id?: string; readonly after?: string | undefined },
): string;
