package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import dev.tidemark.store.Store;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What the demo does on PostgreSQL, step by step: one process writes, another watches, and the server crashes in between. Every
 * sentence it prints about them was checked just before.
 */
final class PostgresTour {
    private static final String COUNTRIES = "countries";
    private static final int BATCH = 500;
    private static final int TIMED = 100;
    private static final int SOME = 100;

    private final DemoServer server;
    private final Store<JsonNode> store;
    private final DemoWatcher watcher;
    private final Narrator narrator;
    private final List<JsonNode> seen = new ArrayList<>();
    private int newestSeen;

    private PostgresTour(DemoServer server, Store<JsonNode> store, DemoWatcher watcher, Narrator narrator) {
        this.server = server;
        this.store = store;
        this.watcher = watcher;
        this.narrator = narrator;
    }

    static void run(DemoServer server, Session session, Narrator narrator) {
        narrator.say("It is " + server.uri() + ", with its data in " + server.directory());
        Importer importer = new Importer(session.store(), null, BATCH, written -> {});
        importer.run(new NdjsonSource(DemoData.open()));
        narrator.say("The countries, currencies and time zones of the world are imported: " + importer.summary());
        narrator.step("Watch it from a second process");
        narrator.show("tidemark --store " + server.uri() + " watch --replay");
        try (DemoWatcher watcher = DemoWatcher.start(server.uri(), line -> narrator.show("it says: " + line))) {
            PostgresTour tour = new PostgresTour(server, session.store(), watcher, narrator);
            long start = tour.replay(importer.written());
            tour.follow();
            tour.survive();
            tour.compare(start);
            narrator.check(watcher.end() == ExitCode.FINE, "the second process ends in order");
        }
    }

    /** Returns the revision of what was replayed. */
    private long replay(long entries) {
        long replayed = 0;
        JsonNode line = watcher.next();
        while (!line.path("type").asText().equals("synced")) {
            narrator.check(line.path("replayed").asBoolean(), "the replay comes first");
            replayed++;
            line = watcher.next();
        }
        narrator.check(replayed == entries, "the replay has every entry once");
        narrator.say("Process " + watcher.pid() + " has printed the " + replayed
                + " entries that are there. From now on it prints changes.");
        return line.path("revision").asLong();
    }

    private void follow() {
        narrator.step("Write in this process");
        store.update(COUNTRIES, "JP", country -> DemoTour.with(country, "capital", "東京"));
        store.update(COUNTRIES, "DE", country -> DemoTour.with(country, "capital", "Berlin"));
        store.delete(COUNTRIES, "AQ");
        List<String> changes = List.of(show(), show(), show());
        narrator.check(
                changes.equals(List.of("updated JP", "updated DE", "deleted AQ")),
                "the second process saw three changes in the order of the writes, but it saw " + changes);
        narrator.say("Three writes here, three changes there.");
        long[] nanos = LongStream.range(0, TIMED).map(this::time).sorted().toArray();
        narrator.say(String.format(
                Locale.ROOT,
                "And %d more, one by one: printed there %.1f ms after the write has returned here (median; at most %.1f ms).",
                TIMED,
                nanos[TIMED / 2] / 1e6,
                nanos[TIMED - 1] / 1e6));
    }

    private String show() {
        JsonNode change = next();
        String type = change.path("type").asText();
        String key = change.path("key").asText();
        narrator.show("process " + watcher.pid() + " prints: revision " + change.path("revision") + "  " + type + " "
                + change.path("kind").asText() + "/" + key);
        return type + " " + key;
    }

    private long time(long number) {
        store.set(DemoWriter.KIND, "timed", LongNode.valueOf(number));
        long written = System.nanoTime();
        narrator.check(next().path("value").asLong() == number, "what was written is the next change");
        return System.nanoTime() - written;
    }

    private void survive() {
        narrator.step("Crash the server in the middle of writes, and start it again");
        int from = seen.size();
        try (DemoWriter writer = new DemoWriter(store)) {
            await(SOME);
            int killed = server.crash();
            long crashed = System.nanoTime();
            int newest = writer.newest();
            narrator.say("This process writes one number after the other. After " + newest + " of them all " + killed
                    + " processes of the server were killed.");
            server.restart();
            narrator.say("The server is back, with its data, after " + (System.nanoTime() - crashed) / 1_000_000
                    + " ms. Nobody tells the writer or the watch.");
            await(newest + SOME);
            writer.stop();
            await(writer.newest());
            judge(writer, seen.subList(from, seen.size()));
        }
    }

    private void judge(DemoWriter writer, List<JsonNode> changes) {
        List<Integer> numbers =
                changes.stream().map(change -> change.path("value").asInt()).collect(Collectors.toList());
        writer.failed().forEach((number, reason) -> {
            narrator.show("write " + number + " ended with: " + reason);
            narrator.say(numbers.contains(number) ? "It has happened." : "It has not happened.");
        });
        numbers.removeAll(writer.failed().keySet());
        narrator.check(numbers.equals(writer.written()), "every write that returned was seen once, in order");
        narrator.say(numbers.size() + " writes returned, and process " + watcher.pid()
                + " has printed all of them: none is missing, none came twice, none out of order.");
    }

    /** Holds what the second process saw to what the store has kept. */
    private void compare(long start) {
        long end = DemoTour.revision(store);
        List<Long> history = new ArrayList<>();
        try (Watch<JsonNode> watch = store.watch(WatchOptions.defaults().withStartAfter(start))) {
            while (watch.revision() < end) {
                DemoTour.next(watch, 1).forEach(change -> history.add(change.revision()));
            }
        }
        while (seen.size() < history.size()) {
            next();
        }
        List<Long> revisions =
                seen.stream().map(change -> change.path("revision").asLong()).toList();
        narrator.check(revisions.equals(history), "the second process saw the history of the store");
    }

    /** Takes changes until the number is among them. */
    private void await(int number) {
        while (newestSeen < number) {
            next();
        }
    }

    private JsonNode next() {
        JsonNode change = watcher.next();
        seen.add(change);
        if (change.path("key").asText().equals(DemoWriter.KEY)) {
            newestSeen = change.path("value").asInt();
        }
        return change;
    }
}
