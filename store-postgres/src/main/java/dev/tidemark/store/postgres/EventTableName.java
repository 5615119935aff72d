package dev.tidemark.store.postgres;

import org.jspecify.annotations.Nullable;

/**
 * What a caller calls a table of events: its name, as it is, and perhaps its schema before the first dot. Without one it is looked for
 * along the search path, and made in the first schema of that.
 */
record EventTableName(@Nullable String schema, String table) {

    static EventTableName parse(String text) {
        int dot = text.indexOf('.');
        String schema = dot < 0 ? null : text.substring(0, dot);
        String table = text.substring(dot + 1);
        if (!EventTable.fits(table) || (schema != null && !EventTable.fits(schema))) {
            throw new IllegalArgumentException(
                    "a table is written name or schema.name, each of 1 to 63 bytes, but this one is '" + text + "'");
        }
        if (text.contains("$stamp$") || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the name of a table must not contain NUL or $stamp$");
        }
        return new EventTableName(schema, table);
    }

    @Override
    public String toString() {
        return schema == null ? table : schema + "." + table;
    }
}
