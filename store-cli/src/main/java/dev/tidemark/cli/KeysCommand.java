package dev.tidemark.cli;

import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Page;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "keys", description = "Print the keys of a kind in order, one a line.", sortOptions = false)
final class KeysCommand implements Runnable {
    private static final int PAGE = 1000;

    private final Tidemark tidemark;

    @Parameters(paramLabel = "KIND", description = "The kind.")
    private String kind = "";

    @Mixin
    private RangeOptions range = new RangeOptions();

    @Option(names = "--json", description = "Print each as a JSON string, for keys with line breaks in them.")
    private boolean json;

    KeysCommand(Tidemark tidemark) {
        this.tidemark = tidemark;
    }

    @Override
    public void run() {
        ListOptions options = range.toListOptions();
        Output out = tidemark.terminal().out();
        try (Session session = tidemark.open()) {
            int left = options.limit();
            for (ListOptions next = options; left > 0; ) {
                Page<String> page = session.store().keys(kind, next.withLimit(Math.min(left, PAGE)));
                page.items().forEach(key -> out.line(json ? Json.text(key) : key));
                left = page.next().isEmpty() ? 0 : left - page.items().size();
                next = next.withAfter(page.next().orElse(""));
            }
        }
    }
}
