import { expect, it } from "vitest";
import { parseLdd } from "./shared-libraries.ts";

it("reads what a program needs from what ldd prints", () => {
  const output = `
/usr/bin/one:
\tlinux-vdso.so.1 (0x00007f58bbb35000)
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f58bb61c000)
\tlibgone.so.3 => not found
\t/lib64/ld-linux-x86-64.so.2 (0x00007f58bbb37000)
/usr/bin/two:
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f0000000000)
`;
  expect(parseLdd(output)).toEqual({
    paths: ["/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2"],
    missing: ["libgone.so.3"],
  });
});

it.each(["\tnot a dynamic executable\n", "\tstatically linked\n", ""])(
  "a static program needs nothing: %j",
  (output) => {
    expect(parseLdd(output)).toEqual({ paths: [], missing: [] });
  },
);
