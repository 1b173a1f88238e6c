package io.kvd.cli;

/** How failures look: three lines for people and, in JSON mode, an object for programs. */
final class Failures {
    private Failures() {}

    static void print(Failure failure, Settings.Output output, Console console) {
        if (output == Settings.Output.JSON) {
            console.printLine(json(failure));
        }
        console.flush();
        StringBuilder text = new StringBuilder("kvctl: ").append(failure.what()).append('\n');
        if (!failure.why().isEmpty()) {
            text.append("  ").append(failure.why()).append('\n');
        }
        if (!failure.remedy().isEmpty()) {
            text.append("  try:   ").append(failure.remedy()).append('\n');
        }
        console.printError(text.toString());
    }

    /** {@code {"code":…,"exitCode":…,"message":…}}; the code is stable. */
    static String json(Failure failure) {
        return new Json()
                .beginObject()
                .field("code", failure.code())
                .field("exitCode", failure.exitCode().number())
                .field("message", failure.what())
                .endObject()
                .toString();
    }
}
