/** What ended a command: it was typed wrongly (exit code 2), or this machine or this lab cannot do it (3). */
type Exit = 'usage' | 'environment' | 'interrupted';

interface ProblemEntry {
  readonly exit: Exit;
  /** When it comes. */
  readonly means: string;
  /** What helps in general, as a command where there is one; each problem says what helps in its case. */
  readonly remedy: string;
}

/**
 * Every problem that the course reports, by its code. Scripts may rely on the codes (`--json`: `error.code`);
 * docs/errors.md is made from this table.
 */
export const problemTable = {
  'absurd-seed': {
    exit: 'usage',
    means: 'An exam was to begin with a seed that is no whole number.',
    remedy: 'exam start --seed 7',
  },
  'absurd-traffic': {
    exit: 'usage',
    means: 'Traffic was to have a rate or a duration that is none.',
    remedy: 'traffic start --help',
  },
  'bad-answer': {
    exit: 'usage',
    means: 'An answer is not one that its question takes.',
    remedy: 'Answer with what the message names.',
  },
  'bundle-damaged': {
    exit: 'environment',
    means: 'A file of images is not what was saved.',
    remedy: 'Copy it again, with its checksum file.',
  },
  'bundle-missing': {
    exit: 'environment',
    means: 'There is no file of images, or no checksum beside it.',
    remedy: 'bundle save FILE, where there is a network',
  },
  'bundle-not-writable': {
    exit: 'environment',
    means: 'A file of images cannot be written there.',
    remedy: 'Give another file.',
  },
  'checkpoint-begun': {
    exit: 'environment',
    means: 'A checkpoint does not lead to the start of a lesson.',
    remedy: 'None is needed: goto takes another way.',
  },
  'checkpoint-busy': {
    exit: 'environment',
    means: 'Another process takes or restores a checkpoint.',
    remedy: 'Wait until it is done.',
  },
  'checkpoint-damaged': {
    exit: 'environment',
    means: 'A file of a checkpoint is missing or was changed.',
    remedy: 'checkpoint rm NAME',
  },
  'checkpoint-exists': {
    exit: 'usage',
    means: 'There is a checkpoint of that name.',
    remedy: 'checkpoint rm NAME',
  },
  'checkpoint-failed': {
    exit: 'environment',
    means: 'The data of a lab could not be copied.',
    remedy: 'doctor',
  },
  'checkpoint-misfit': {
    exit: 'environment',
    means: 'A checkpoint is of another version, runtime or port offset.',
    remedy: 'goto LESSON comes there without it',
  },
  'checkpoint-refused': {
    exit: 'environment',
    means: 'An exported checkpoint is not safe to import.',
    remedy: 'Export it again where it was made.',
  },
  'compose-invalid': {
    exit: 'environment',
    means: "The learner's compose.yaml, or one of the course's, cannot be used.",
    remedy: 'Correct the line that the message names.',
  },
  'compose-missing': {
    exit: 'environment',
    means: 'Docker has no Compose plugin.',
    remedy: 'Install docker-compose-plugin, or use --runtime local.',
  },
  'course-fault': {
    exit: 'environment',
    means: 'The course made a mistake of its own.',
    remedy: 'Report it with the lines that are shown.',
  },
  'course-invalid': {
    exit: 'environment',
    means: 'A stage or a lesson cannot be loaded.',
    remedy: 'lint',
  },
  'disk-full': {
    exit: 'environment',
    means: 'A disk is full.',
    remedy: 'down --purge, or another --home',
  },
  'docker-api': {
    exit: 'environment',
    means: 'The docker program and the engine do not speak the same version.',
    remedy: 'Update the older one.',
  },
  'docker-context': {
    exit: 'environment',
    means: 'The Docker context that is chosen cannot be used.',
    remedy: 'docker context use default',
  },
  'docker-elsewhere': {
    exit: 'environment',
    means: "Docker's engine is on another machine.",
    remedy: 'Use --runtime local, or an engine on this machine.',
  },
  'docker-failed': {
    exit: 'environment',
    means: 'A Docker command failed in a way that the course does not know.',
    remedy: 'Do what its last line says.',
  },
  'docker-missing': {
    exit: 'environment',
    means: 'There is no docker program.',
    remedy: 'Install Docker, or use --runtime local.',
  },
  'docker-not-running': {
    exit: 'environment',
    means: "Docker's engine does not run.",
    remedy: 'Start it.',
  },
  'docker-only': {
    exit: 'environment',
    means: 'A command is of use with containers only.',
    remedy: 'Use --runtime docker.',
  },
  'docker-permission': {
    exit: 'environment',
    means: "This user may not use Docker's engine.",
    remedy: 'sudo usermod -aG docker $USER, and log in again',
  },
  'docker-silent': {
    exit: 'environment',
    means: "Docker's engine does not answer.",
    remedy: 'Restart it.',
  },
  'docker-too-old': {
    exit: 'environment',
    means: 'Docker or its Compose plugin is too old.',
    remedy: 'Update it.',
  },
  'download-busy': {
    exit: 'environment',
    means: 'Another process has been fetching the same program for long.',
    remedy: 'Wait, or end that process.',
  },
  'download-damaged': {
    exit: 'environment',
    means: 'A downloaded file is not the one that the course was made with.',
    remedy: 'Try again; behind a proxy, ask who runs it.',
  },
  'download-failed': {
    exit: 'environment',
    means: 'A program could not be fetched.',
    remedy: 'Check the network and the proxy: doctor',
  },
  'editor-not-started': {
    exit: 'environment',
    means: 'The editor could not be started.',
    remedy: 'Set EDITOR to one that is installed.',
  },
  'exam-endless': {
    exit: 'environment',
    means: 'An exam did not end in time.',
    remedy: 'exam stop',
  },
  'exam-not-started': {
    exit: 'environment',
    means: "The exam's process did not begin.",
    remedy: 'Read its log, which the message names.',
  },
  'exam-running': {
    exit: 'environment',
    means: 'An exam is under way on this lab.',
    remedy: 'exam stop',
  },
  'file-exists': {
    exit: 'usage',
    means: 'The file to be written is there already.',
    remedy: 'Give another file.',
  },
  'file-missing': {
    exit: 'usage',
    means: 'There is no such file.',
    remedy: 'Give one that is there.',
  },
  'file-not-written': {
    exit: 'environment',
    means: 'A file could not be written.',
    remedy: 'Give another folder.',
  },
  'follow-and-json': {
    exit: 'usage',
    means: 'A log that is followed is not one JSON document.',
    remedy: 'Leave one of the two out.',
  },
  'home-damaged': {
    exit: 'environment',
    means: 'Something else is where the course keeps a file.',
    remedy: 'Move it away.',
  },
  'home-not-writable': {
    exit: 'environment',
    means: 'The course may not write in its folder.',
    remedy: 'Use another --home.',
  },
  'home-unusable': {
    exit: 'environment',
    means: 'The shop cannot work in a folder with a backslash in its name.',
    remedy: 'Use another --home.',
  },
  'image-missing': {
    exit: 'environment',
    means: 'An image is not on this machine.',
    remedy: 'pull',
  },
  interrupted: {
    exit: 'interrupted',
    means: 'The command was broken off with Ctrl-C.',
    remedy: 'Run it again.',
  },
  'lab-busy': {
    exit: 'environment',
    means: 'Another process is changing the lab.',
    remedy: 'Wait until it is done.',
  },
  'lab-changed': {
    exit: 'environment',
    means: 'The lab was changed while a checkpoint was taken.',
    remedy: 'Take it again.',
  },
  'lab-damaged': {
    exit: 'environment',
    means: 'The notes on a lab are damaged.',
    remedy: 'down --purge',
  },
  'lab-differs': {
    exit: 'environment',
    means: 'The lab has another runtime or other ports than were asked for.',
    remedy: 'Leave the option out, or down --purge.',
  },
  'lab-not-up': {
    exit: 'environment',
    means: 'Nothing runs.',
    remedy: 'up',
  },
  'lab-not-whole': {
    exit: 'environment',
    means: 'A server of the lab does not run.',
    remedy: 'up',
  },
  'lab-of-another': {
    exit: 'environment',
    means: 'A server of the lab belongs to another user.',
    remedy: 'Use that user, or another --home.',
  },
  'lesson-text-invalid': {
    exit: 'environment',
    means: 'The text of a lesson cannot be read.',
    remedy: 'lint',
  },
  'local-unsupported': {
    exit: 'environment',
    means: 'On this system servers cannot run without containers.',
    remedy: 'Install Docker.',
  },
  'lock-stuck': {
    exit: 'environment',
    means: 'A lock file cannot be removed.',
    remedy: 'Remove it.',
  },
  'mount-refused': {
    exit: 'environment',
    means: 'Docker may not see a folder of the course.',
    remedy: "Share the folder in Docker's settings.",
  },
  'never-came': {
    exit: 'environment',
    means: 'What a solution waits for did not come.',
    remedy: 'goto LESSON',
  },
  'no-course': {
    exit: 'usage',
    means: 'There is no course in that folder.',
    remedy: 'Give one with lessons.',
  },
  'no-free-network': {
    exit: 'environment',
    means: 'Docker has no address left for a network.',
    remedy: 'docker network prune',
  },
  'no-gateway': {
    exit: 'environment',
    means: 'The exam needs a gateway, and none runs.',
    remedy: 'goto gateway/black-friday',
  },
  'no-lesson': {
    exit: 'usage',
    means: 'No lesson was named, and none is open.',
    remedy: 'Name one: list',
  },
  'no-proc': {
    exit: 'environment',
    means: 'This system has no /proc.',
    remedy: 'Mount it, or use --runtime docker.',
  },
  'no-service': {
    exit: 'usage',
    means: 'No service was named.',
    remedy: 'status',
  },
  'no-shop': {
    exit: 'environment',
    means: 'There is no shop to send customers to.',
    remedy: 'up',
  },
  'no-terminal': {
    exit: 'usage',
    means: 'The workbench needs a terminal.',
    remedy: 'Use --plain, or the commands.',
  },
  'not-brought-up': {
    exit: 'environment',
    means: 'A server of compose.yaml does not run yet.',
    remedy: 'up',
  },
  'npm-missing': {
    exit: 'environment',
    means: 'mongosh cannot be fetched without npm.',
    remedy: 'Install npm, or mongosh.',
  },
  'port-offset-invalid': {
    exit: 'usage',
    means: 'A port offset moves ports out of range.',
    remedy: '--port-offset 1000',
  },
  'port-taken': {
    exit: 'environment',
    means: 'Another program listens on a port of the lab.',
    remedy: 'End it, or use --port-offset.',
  },
  'program-damaged': {
    exit: 'environment',
    means: "A server's program cannot be run.",
    remedy: 'doctor',
  },
  'program-missing': {
    exit: 'environment',
    means: "A server's program is not there and cannot be fetched.",
    remedy: 'doctor',
  },
  'progress-busy': {
    exit: 'environment',
    means: 'Another process is writing the progress.',
    remedy: 'Wait, or end it.',
  },
  'progress-damaged': {
    exit: 'environment',
    means: 'The progress is damaged.',
    remedy: 'It is kept beside; the course begins a new one.',
  },
  'progress-not-saved': {
    exit: 'environment',
    means: 'The progress could not be written.',
    remedy: 'Make room, or use another --home.',
  },
  'progress-too-new': {
    exit: 'environment',
    means: 'The progress is of a newer version of the course.',
    remedy: 'Update the course.',
  },
  'progress-unreadable': {
    exit: 'environment',
    means: 'The progress cannot be read.',
    remedy: 'Let this user read the file.',
  },
  'pull-interrupted': {
    exit: 'environment',
    means: 'Fetching an image was broken off.',
    remedy: 'pull',
  },
  'pull-limit': {
    exit: 'environment',
    means: 'The registry of images has counted too many downloads.',
    remedy: 'docker login, or wait some hours',
  },
  'python-missing': {
    exit: 'environment',
    means: "A program cannot be fetched without Python's pip.",
    remedy: 'Install python3-pip.',
  },
  'registry-unreachable': {
    exit: 'environment',
    means: 'The registry of images cannot be reached.',
    remedy: 'Check the network and the proxy.',
  },
  'replay-failed': {
    exit: 'environment',
    means: 'A solution was typed, and its check is not passed.',
    remedy: 'down --purge, then goto LESSON',
  },
  'service-failed': {
    exit: 'environment',
    means: 'A server ended while it started.',
    remedy: 'logs SERVICE',
  },
  'service-not-running': {
    exit: 'environment',
    means: 'A fault was to be made to a server that does not run.',
    remedy: 'up',
  },
  'service-silent': {
    exit: 'environment',
    means: 'A server did not answer in time.',
    remedy: 'logs SERVICE',
  },
  'shell-and-json': {
    exit: 'usage',
    means: 'A shell does not print one JSON document.',
    remedy: 'Leave --json out.',
  },
  'shell-failed': {
    exit: 'environment',
    means: 'A shell ended with an error.',
    remedy: 'status',
  },
  'shell-not-started': {
    exit: 'environment',
    means: 'A shell could not be started.',
    remedy: 'doctor',
  },
  'shop-not-running': {
    exit: 'environment',
    means: 'The shop that customers come to does not run.',
    remedy: 'up',
  },
  'stage-not-up': {
    exit: 'environment',
    means: "The lesson's stage is not the one that runs.",
    remedy: 'up STAGE',
  },
  'too-many-files': {
    exit: 'environment',
    means: 'The system lets this process open no more files.',
    remedy: 'ulimit -n 4096',
  },
  'traffic-not-started': {
    exit: 'environment',
    means: "The traffic's process did not begin.",
    remedy: 'Read its log, which the message names.',
  },
  'traffic-running': {
    exit: 'environment',
    means: 'Traffic is under way on this lab.',
    remedy: 'traffic stop',
  },
  'unknown-checkpoint': {
    exit: 'usage',
    means: 'There is no such checkpoint.',
    remedy: 'checkpoint list',
  },
  'unknown-command': {
    exit: 'usage',
    means: 'There is no such command.',
    remedy: '--help',
  },
  'unknown-fault': {
    exit: 'usage',
    means: 'There is no such fault.',
    remedy: 'fault --help',
  },
  'unknown-file': {
    exit: 'usage',
    means: 'The workspace has no such file.',
    remedy: 'Give one that the message names.',
  },
  'unknown-lesson': {
    exit: 'usage',
    means: 'There is no such lesson.',
    remedy: 'list',
  },
  'unknown-placeholder': {
    exit: 'environment',
    means: 'A lesson has a placeholder that means nothing.',
    remedy: 'lint',
  },
  'unknown-question': {
    exit: 'usage',
    means: 'The lesson asks no such question.',
    remedy: 'check LESSON',
  },
  'unknown-service': {
    exit: 'usage',
    means: 'There is no such service.',
    remedy: 'status',
  },
  'unknown-stage': {
    exit: 'usage',
    means: 'There is no such stage.',
    remedy: 'list',
  },
  'unknown-traffic': {
    exit: 'usage',
    means: 'Traffic has no such command.',
    remedy: 'traffic --help',
  },
  'unknown-word': {
    exit: 'usage',
    means: 'The glossary has no such word.',
    remedy: 'glossary',
  },
  'watch-and-json': {
    exit: 'usage',
    means: 'Watching does not print one JSON document.',
    remedy: 'Leave one of the two out.',
  },
  'workbench-open': {
    exit: 'environment',
    means: 'A workbench is open on this home.',
    remedy: 'Use that one, or another --home.',
  },
  'wrong-checkpoint-name': {
    exit: 'usage',
    means: 'A checkpoint cannot have that name.',
    remedy: 'checkpoint save before-my-test',
  },
  'wrong-processor': {
    exit: 'environment',
    means: 'An image is of another processor.',
    remedy: 'Use --runtime local.',
  },
  'wrong-use': {
    exit: 'usage',
    means: 'An option or argument is wrong.',
    remedy: '--help',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;

export type ProblemCode = keyof typeof problemTable;
