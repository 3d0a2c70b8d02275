/** What `--system` takes. */
export const SYSTEM_MEANS =
  "bundled: the control plane in this repository; expanso: the Linux programs in bin/, or in the checkout EXPANSO_REPO; " +
  "cloud: an orchestrator elsewhere, told of in .env (docs/cloud.md)";

/** What `--help` says after the options, by command. */

export const EXAMPLES = `
Examples:
  pnpm repro --timing fast                       the bug, in a few seconds
  pnpm repro deploy-all-connected --timing fast  the control: nothing is lost
  pnpm repro all --timing fast --repeat 10       is it the same every time?
  pnpm repro --engine sim                        minutes of default timing in milliseconds
  pnpm repro matrix --engine sim                 every scenario under every fix, in a table
  pnpm repro sweep --engine sim                  when a deployment gets lost, to 100 ms
  pnpm repro --system cloud                      against the orchestrator that .env tells of
  pnpm repro up                                  a stack of your own, to break by hand (pnpm repro down ends it)
  git bisect run npx --yes pnpm@12 repro --fix pull --engine sim --bisect
                                                 which commit broke it?
  pnpm repro doctor                              what is missing here, and what mends it
  pnpm repro run --help                          options and exit codes`;

export const WALKTHROUGH_HELP = `
At each step: Enter does it, i inspects (every line, whole ids), s does it without showing what comes of it, b goes
back (simulation only), q quits, and asks whether to keep the containers. A step that is skipped is done all the
same: the verdict needs it. Quitting before there is a verdict exits 0.

Examples:
  ./repro.ts                                     the bug, explained
  pnpm repro walkthrough --engine sim            without Docker; time stands still while you think
  pnpm repro walkthrough cascade-blocks-next-job another one
  pnpm repro walkthrough --yes > transcript.txt  all of it, to read
`;

export const MATRIX_HELP = `
A cell is H (held), V (violated) with its loss, or ? (could not tell); a ! marks what is not as expected.
Several --only about the same thing mean any of them, about different things all of them. On Docker default
timing takes minutes: without --timing only one scenario for each loss is run in it, the others are n/a.

Examples:
  pnpm repro matrix --engine sim                            everything, in seconds
  pnpm repro matrix --only deploy-in-disconnect-window      one row
  pnpm repro matrix --only disconnect --only fix=none,pull  rows with "disconnect" in their id, two columns
  pnpm repro matrix --fix none,block+redispatch             a combination as a column
  pnpm repro matrix --fix none --timing default,batch-1s    is the 15 s batch the culprit, as seed 001 asks?
  pnpm repro matrix --engine docker --shard 1/4             a quarter of it
  pnpm repro matrix --format markdown > matrix.md           to paste

Report: matrix.json and matrix.md; in cells/ the whole report of every cell that is not as expected.
`;

export const SWEEP_HELP = `
A job runs, its edge is killed at 0, a second job is deployed at the offset, the edge returns after it was
noticed to be gone. What counts is when the dispatch was logged. Each outcome is compared with what the same
run's log lines make one expect (disconnected, handshake, data plane), the exit code says whether they agree.
On Docker every run has heartbeats of its own: the boundaries between runs blur, the agreement does not.

Examples:
  pnpm repro sweep --engine sim                            the window in default timing, in seconds
  pnpm repro sweep --engine sim --fix block                what blocking does about it
  pnpm repro sweep --engine sim --from 4m --to 6m --step 1s
  pnpm repro sweep --engine docker --timing fast           on containers, in minutes
  pnpm repro sweep --engine sim --format json > sweep.json

Report: sweep.json; in points/ the whole report of every run that does not agree with its own log.
`;

export const DOCTOR_HELP = `
It looks, and changes nothing. Each finding is ok, note (something is slower, or done without, or mended by the
next run itself) or broken (it prevents runs). An engine that hangs is given up after some seconds, and told.

Exit codes:
  0    nothing is broken; no engine at all is a note, as runs are simulated then
  3    something is: an engine that is configured and does not answer, no room, no subnet, a package missing
  64   wrong usage

Examples:
  pnpm repro doctor                              this machine, and the engine if there is one
  pnpm repro doctor --engine docker              there has to be one
  pnpm repro doctor --format json > doctor.json  to attach to an issue
`;

export const CLEAN_HELP = `
Everything in the engine that a run makes carries labels: which run, and which process made it. What belongs to a
process that is gone is removed: containers, networks, volumes, and what is left of images whose build was cut off.
What belongs to one that runs, to another host, or to a stack that was kept, is left and named with the reason. The
finished images stay: \`docker image rm\`. Every run does the same before it begins.

Examples:
  pnpm repro clean --dry-run                     what is there, whose it is, what would go
  pnpm repro clean                               what killed runs left
  pnpm repro clean --all                         everything, also of runs that are under way

Exit codes: 0 nothing is left that should not be, 3 something could not be removed.
`;

export const EXIT_CODES = `
Exit codes:
  0    every verdict, and every loss, as expected
  1    one was not
  2    one could not be told: a fault did not bite, a premise slipped, a run was cut short
  3    the environment: no engine, no image, no disk
  64   wrong usage or input
  70   a defect in the harness itself
  130  interrupted by Ctrl-C (143 by SIGTERM, 129 by a closed terminal), after cleaning up`;
