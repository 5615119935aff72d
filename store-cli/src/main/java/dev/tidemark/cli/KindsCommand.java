package dev.tidemark.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "kinds", description = "Print the kinds that have keys, one a line.", sortOptions = false)
final class KindsCommand implements Runnable {
    private final Tidemark tidemark;

    @Option(names = "--json", description = "Print each as a JSON string, for kinds with line breaks in them.")
    private boolean json;

    KindsCommand(Tidemark tidemark) {
        this.tidemark = tidemark;
    }

    @Override
    public void run() {
        Output out = tidemark.terminal().out();
        try (Session session = tidemark.open()) {
            session.store().kinds().forEach(kind -> out.line(json ? Json.text(kind) : kind));
        }
    }
}
