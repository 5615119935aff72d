package dev.tidemark.cli;

import dev.tidemark.store.ListOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "count", description = "Print how many keys a kind has.", sortOptions = false)
final class CountCommand implements Runnable {
    private final Tidemark tidemark;

    @Parameters(paramLabel = "KIND", description = "The kind.")
    private String kind = "";

    @Mixin
    private RangeOptions range = new RangeOptions();

    CountCommand(Tidemark tidemark) {
        this.tidemark = tidemark;
    }

    @Override
    public void run() {
        ListOptions options = range.toListOptions();
        try (Session session = tidemark.open()) {
            tidemark.terminal().out().line(Long.toString(session.store().count(kind, options)));
        }
    }
}
