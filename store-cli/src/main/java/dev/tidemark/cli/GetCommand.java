package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.store.Entry;
import dev.tidemark.store.KeyNotFoundException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        description = "Print the value at a key as one line of JSON; exit 1 if there is none.",
        sortOptions = false)
final class GetCommand implements Runnable {
    private final Tidemark tidemark;

    @Parameters(index = "0", paramLabel = "KIND", description = "The kind.")
    private String kind = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Option(
            names = "--entry",
            description = "Print {\"kind\",\"key\",\"value\",\"version\",\"tag\",\"updatedAt\"} instead.")
    private boolean wholeEntry;

    GetCommand(Tidemark tidemark) {
        this.tidemark = tidemark;
    }

    @Override
    public void run() {
        try (Session session = tidemark.open()) {
            Entry<JsonNode> entry =
                    session.store().entry(kind, key).orElseThrow(() -> new KeyNotFoundException(kind, key));
            tidemark.terminal().out().line(wholeEntry ? Json.entry(entry) : Json.line(entry.value()));
        }
    }
}
