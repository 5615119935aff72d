package dev.tidemark.store.postgres.chaos;

/**
 * A change, as the outbox holds it or a watch delivered it.
 *
 * @param type {@code CREATED}, {@code UPDATED} or {@code DELETED}
 * @param version 0 where none was recorded, as for the deletes of a service that knows no versions
 */
record Row(long revision, String type, String kind, String key, long version, String value) {
    boolean isDelete() {
        return type.equals("DELETED");
    }

    String token() {
        return Text.token(value);
    }

    long count() {
        return Text.count(value);
    }

    String[] fields() {
        return new String[] {"C", "" + revision, type, kind, key, "" + version, value};
    }

    static Row ofFields(String[] fields) {
        return new Row(
                Long.parseLong(fields[1]), fields[2], fields[3], fields[4], Long.parseLong(fields[5]), fields[6]);
    }
}
