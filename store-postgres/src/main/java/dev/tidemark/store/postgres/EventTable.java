package dev.tidemark.store.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table of events that is there, and the names of all that belongs to it.
 *
 * @param schema the schema it is in
 * @param name its name there
 * @param oid what the server knows it by
 */
record EventTable(String schema, String name, long oid) {
    private static final int MAX_BYTES = 63;
    private static final String ANNOUNCEMENT = "tidemark-table:";
    private static final Pattern PLACE = Pattern.compile("\\$\\{(\\w+)}");

    /** The table and what is named after it, as statements write it. */
    Map<String, String> names() {
        return names(schema, name);
    }

    static Map<String, String> names(String schema, String name) {
        String sequence = qualified(schema, derived(name, "_position"));
        return Map.of(
                "table", qualified(schema, name),
                "sequence", sequence,
                "sequence_literal", sequence.replace("'", "''"),
                "stamp", qualified(schema, derived(name, "_stamp")),
                "appends", qualified(schema, derived(name, "_appends")),
                "subscriptions", qualified(schema, derived(name, "_subscriptions")));
    }

    /** Replaces every ${place} of a template. */
    static String fill(String template, Map<String, String> names) {
        return PLACE.matcher(template).replaceAll(place -> {
            String value = names.get(place.group(1));
            if (value == null) {
                throw new IllegalArgumentException("nothing to put into " + place.group());
            }
            return Matcher.quoteReplacement(value);
        });
    }

    static String qualified(String schema, String name) {
        return quoted(schema) + "." + quoted(name);
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static boolean fits(String name) {
        return !name.isEmpty() && name.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    /** A name with a suffix; the server would cut off what makes a long one different, so that is replaced by a number. */
    static String derived(String name, String suffix) {
        if (fits(name + suffix)) {
            return name + suffix;
        }
        String number = String.format(Locale.ROOT, "_%08x", name.hashCode());
        String head = name;
        while (!fits(head + number + suffix)) {
            head = head.substring(0, head.offsetByCodePoints(head.length(), -1));
        }
        return head + number + suffix;
    }

    /** What a notification says when something was appended here. */
    String announcement() {
        return ANNOUNCEMENT + oid;
    }

    /** Returns the table that a notification speaks of; null when it is about something else. */
    static @Nullable Long announced(String payload) {
        try {
            return payload.startsWith(ANNOUNCEMENT) ? Long.valueOf(payload.substring(ANNOUNCEMENT.length())) : null;
        } catch (NumberFormatException notOurs) {
            return null;
        }
    }
}
