package dev.tidemark.store.postgres.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The changes of an outbox, key by key, and who made them. */
final class Chains {
    record Name(String kind, String key) {}

    /** A row and its place among the changes of its key. */
    static final class Link {
        final Row row;
        final Link before;
        final int place;
        Call call;

        Link(Row row, Link before) {
            this.row = row;
            this.before = before;
            this.place = before == null ? 0 : before.place + 1;
        }

        boolean wasPresent() {
            return before != null && !before.row.isDelete();
        }

        @Override
        public String toString() {
            return row + " by " + (call == null ? "nobody" : call);
        }
    }

    private final List<Link> links = new ArrayList<>();
    private final Map<Name, List<Link>> chains = new LinkedHashMap<>();
    private final Map<String, Link> written = new HashMap<>();
    private final Map<String, Link> deleted = new HashMap<>();

    Chains(List<Row> rows, Findings findings) {
        for (Row row : rows) {
            List<Link> chain = chains.computeIfAbsent(new Name(row.kind(), row.key()), name -> new ArrayList<>());
            Link link = new Link(row, chain.isEmpty() ? null : chain.get(chain.size() - 1));
            chain.add(link);
            links.add(link);
            Link twin = (row.isDelete() ? deleted : written).put(row.token(), link);
            if (twin != null) {
                findings.add("a value was " + (row.isDelete() ? "deleted" : "stored") + " twice", twin.row, row);
            }
        }
    }

    /** In the order of revisions. */
    List<Link> links() {
        return links;
    }

    Map<Name, List<Link>> chains() {
        return chains;
    }

    List<Link> chain(String kind, String key) {
        return chains.getOrDefault(new Name(kind, key), List.of());
    }

    /** The change that stored the value with this token, or null. */
    Link written(String token) {
        return written.get(token);
    }

    /** The change that deleted the value with this token, or null. */
    Link deleted(String token) {
        return deleted.get(token);
    }
}
