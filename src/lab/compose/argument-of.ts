/** The value of an option among a program's arguments, as `--port 27017` or `--port=27017`; undefined where it is not. */
export function argumentOf(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  if (at >= 0) return args[at + 1];
  return args.find((arg) => arg.startsWith(`${option}=`))?.slice(option.length + 1);
}
