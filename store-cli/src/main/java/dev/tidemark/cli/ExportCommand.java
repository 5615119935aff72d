package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.store.Entry;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.spi.Names;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "Print {\"kind\",\"key\",\"value\"} a line, all from one moment, for import to read back.",
            "",
            "A copy of a store: tidemark export | tidemark --store sqlite:copy.db import -",
            ""
        },
        sortOptions = false)
final class ExportCommand implements Runnable {
    private final Tidemark tidemark;

    @Parameters(arity = "0..*", paramLabel = "KIND", description = "Only these kinds; all without.")
    private List<String> kinds = List.of();

    ExportCommand(Tidemark tidemark) {
        this.tidemark = tidemark;
    }

    @Override
    public void run() {
        kinds.forEach(Names::checkKind);
        try (Session session = tidemark.open();
                Snapshot<JsonNode> snapshot = session.store().snapshot()) {
            List<String> chosen = kinds.isEmpty() ? snapshot.kinds() : kinds;
            chosen.stream().distinct().forEach(kind -> export(kind, snapshot));
        }
    }

    private void export(String kind, Snapshot<JsonNode> snapshot) {
        Output out = tidemark.terminal().out();
        try (Stream<Entry<JsonNode>> entries = snapshot.stream(kind)) {
            entries.forEachOrdered(entry -> out.line(Json.line(Json.exported(entry))));
        }
    }
}
