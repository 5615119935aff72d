package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Entries as {@code {"key":…,"value":…}}, one a line, as export and list print them; empty lines are skipped. */
final class NdjsonSource implements EntrySource {
    private static final Set<String> MEMBERS = Set.of("kind", "key", "value", "version", "tag", "updatedAt");

    private final TextInput input;

    NdjsonSource(TextInput input) {
        this.input = input;
    }

    @Override
    public @Nullable ImportedEntry next() {
        String line = input.readLine();
        while (line != null && line.isBlank()) {
            line = input.readLine();
        }
        return line == null ? null : entry(line);
    }

    private ImportedEntry entry(String line) {
        try {
            JsonNode entry = Json.parse(line);
            checkMembers(entry);
            JsonNode value = entry.get("value");
            if (value == null) {
                throw new InputException("no \"value\"");
            }
            String kind = entry.has("kind") ? text(entry, "kind") : null;
            return new ImportedEntry(input.lineNumber(), kind, text(entry, "key"), value);
        } catch (InputException failure) {
            throw InputException.atLine(input.lineNumber(), failure.getMessage(), failure);
        }
    }

    private static void checkMembers(JsonNode entry) {
        if (!entry.isObject()) {
            throw new InputException("expected {\"key\":…,\"value\":…}, found " + Json.typeOf(entry));
        }
        for (Iterator<String> names = entry.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!MEMBERS.contains(name)) {
                throw new InputException("unknown member \"" + name + "\"; an entry is {\"key\":…,\"value\":…}");
            }
        }
    }

    private static String text(JsonNode entry, String member) {
        JsonNode text = entry.get(member);
        if (text == null) {
            throw new InputException("no \"" + member + "\"");
        }
        if (!text.isTextual()) {
            throw new InputException("\"" + member + "\" must be a string, not " + Json.typeOf(text));
        }
        return text.textValue();
    }
}
