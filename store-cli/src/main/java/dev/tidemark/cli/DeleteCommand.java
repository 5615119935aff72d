package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.store.KeyNotFoundException;
import dev.tidemark.store.Store;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description = "Remove a key and print the value that it had; exit 1 if it had none.",
        sortOptions = false)
final class DeleteCommand implements Runnable {
    private final Tidemark tidemark;

    @Parameters(index = "0", paramLabel = "KIND", description = "The kind.")
    private String kind = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Option(
            names = "--if-tag",
            paramLabel = "T",
            description = "Only if the key has this tag; see get --entry. Exit 1 otherwise.")
    private @Nullable Long tag;

    DeleteCommand(Tidemark tidemark) {
        this.tidemark = tidemark;
    }

    @Override
    public void run() {
        try (Session session = tidemark.open()) {
            tidemark.terminal().out().line(Json.line(delete(session.store())));
        }
    }

    private JsonNode delete(Store<JsonNode> store) {
        return tag == null
                ? store.delete(kind, key).orElseThrow(() -> new KeyNotFoundException(kind, key))
                : store.delete(kind, key, tag);
    }
}
