/** All of this process's standard input. */
export async function readStdin(): Promise<string> {
  process.stdin.setEncoding("utf8");
  let text = "";
  for await (const part of process.stdin as AsyncIterable<string>) text += part;
  return text;
}
