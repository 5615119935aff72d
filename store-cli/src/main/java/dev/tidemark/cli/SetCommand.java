package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Store;
import dev.tidemark.store.spi.Names;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "set",
        description = {
            "Store a value and print what that did: created, updated or unchanged.",
            "",
            "Exit 1 if the condition does not hold. A key that starts with '-' goes behind '--'.",
            ""
        },
        sortOptions = false)
final class SetCommand implements Runnable {
    private final Tidemark tidemark;

    @Parameters(index = "0", paramLabel = "KIND", description = "The kind.")
    private String kind = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Parameters(
            index = "2",
            paramLabel = "VALUE",
            description = "The value as JSON, so a string has quotes: '\"text\"'. - reads it from standard input.")
    private String value = "";

    @ArgGroup
    private Require require = new Require();

    /** At most one of these. */
    static final class Require {
        @Option(names = "--if-absent", description = "Only if the key has no value.")
        private boolean absent;

        @Option(names = "--if-tag", paramLabel = "T", description = "Only if the key has this tag; see get --entry.")
        private @Nullable Long tag;
    }

    SetCommand(Tidemark tidemark) {
        this.tidemark = tidemark;
    }

    @Override
    public void run() {
        Names.checkKind(kind);
        Names.checkKey(key);
        JsonNode parsed = parsed();
        try (Session session = tidemark.open()) {
            SetResult result = write(session.store(), parsed);
            tidemark.terminal().out().line(result.name().toLowerCase(Locale.ROOT));
        }
    }

    private SetResult write(Store<JsonNode> store, JsonNode parsed) {
        if (require.absent) {
            store.create(kind, key, parsed);
            return SetResult.CREATED;
        }
        Long tag = require.tag;
        if (tag == null) {
            return store.set(kind, key, parsed);
        }
        return store.replace(kind, key, parsed, tag) == tag ? SetResult.UNCHANGED : SetResult.UPDATED;
    }

    private JsonNode parsed() {
        String text = value.equals("-") ? TextInput.readAll(tidemark.terminal().in()) : value;
        try {
            return Json.parse(text);
        } catch (InputException failure) {
            throw new InputException("the value is " + failure.getMessage(), failure);
        }
    }
}
