package dev.tidemark.cli;

/** Tells people what the demo does, while it does it, and holds it to what it says. */
final class Narrator {
    private final Output out;
    private int steps;

    Narrator(Output out) {
        this.out = out;
    }

    void step(String title) {
        steps++;
        print("");
        print(steps + ". " + title);
    }

    void say(String text) {
        print("   " + text);
    }

    void show(String line) {
        print("     " + line);
    }

    void print(String line) {
        out.line(line);
        out.flush();
    }

    /** Ends the demo unless what it is about to say is true. */
    void check(boolean holds, String claim) {
        if (!holds) {
            throw new DemoException("it is not so that " + claim);
        }
    }
}
