package dev.tidemark.cli;

import java.util.Locale;
import java.util.regex.Pattern;

/** How the entries of a file are written. */
enum ImportFormat {
    /** One {@code {"key":…,"value":…}} a line. */
    NDJSON,
    /** One object of key to value. */
    JSON,
    /** One mapping of key to value. */
    YAML;

    private static final int PREVIEW = 256;

    /** A line that starts like an entry; one that export or list printed does. */
    private static final Pattern ENTRY = Pattern.compile("\\s*\\{[ \\t]*\"(kind|key|value)\".*", Pattern.DOTALL);

    /** Tells by the name of the file, and by its start where that doesn't say. */
    static ImportFormat of(String file, TextInput input) {
        String name = file.toLowerCase(Locale.ROOT);
        if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            return YAML;
        }
        if (name.endsWith(".ndjson") || name.endsWith(".jsonl")) {
            return NDJSON;
        }
        CharSequence start = input.preview(PREVIEW);
        if (start.isEmpty() || ENTRY.matcher(start).matches()) {
            return NDJSON;
        }
        return name.endsWith(".json") || start.toString().stripLeading().startsWith("{") ? JSON : YAML;
    }

    EntrySource read(TextInput input) {
        return switch (this) {
            case NDJSON -> new NdjsonSource(input);
            case JSON -> MappingSource.ofJson(input);
            case YAML -> MappingSource.ofYaml(input);
        };
    }
}
