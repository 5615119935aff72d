package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Snapshot;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "list",
        description = "Print the entries of a kind by key, one JSON object a line, as they stand at one moment.",
        sortOptions = false)
final class ListCommand implements Runnable {
    private final Tidemark tidemark;

    @Parameters(paramLabel = "KIND", description = "The kind.")
    private String kind = "";

    @Mixin
    private RangeOptions range = new RangeOptions();

    ListCommand(Tidemark tidemark) {
        this.tidemark = tidemark;
    }

    @Override
    public void run() {
        ListOptions options = range.toListOptions();
        Output out = tidemark.terminal().out();
        try (Session session = tidemark.open();
                Snapshot<JsonNode> snapshot = session.store().snapshot();
                Stream<Entry<JsonNode>> entries = snapshot.stream(kind, options)) {
            entries.forEachOrdered(entry -> out.line(Json.entry(entry)));
        }
    }
}
