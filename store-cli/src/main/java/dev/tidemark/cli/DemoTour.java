package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.store.Change;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.Entry;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Store;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** What the demo does, step by step. Every sentence it prints about the store was checked just before. */
final class DemoTour {
    private static final String COUNTRIES = "countries";
    private static final String CURRENCIES = "currencies";
    private static final int BATCH = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Supplier<Session> opener;
    private final Narrator narrator;

    DemoTour(Supplier<Session> opener, Narrator narrator) {
        this.opener = opener;
        this.narrator = narrator;
    }

    void run(String uri, long namespace) {
        long started = System.nanoTime();
        narrator.print("A tour of Tidemark. The store is " + uri + (namespace == 0 ? "" : ", namespace " + namespace));
        long seen;
        try (Session session = opener.get()) {
            Store<JsonNode> store = session.store();
            if (!store.kinds().isEmpty()) {
                throw new InputException(
                        "namespace " + namespace + " of " + uri + " is not empty; the demo needs an empty one");
            }
            importWorld(store);
            follow(store);
            conflict(store);
            seen = batch(store);
        }
        resume(seen);
        narrator.print("");
        narrator.print(String.format(
                Locale.ROOT,
                "All of it was checked, in %.1f s. Look for yourself:",
                (System.nanoTime() - started) / 1e9));
        narrator.show(
                "tidemark --store " + uri + (namespace == 0 ? "" : " --namespace " + namespace) + " list countries");
    }

    private void importWorld(Store<JsonNode> store) {
        narrator.step("Import the countries, currencies and time zones of the world, " + BATCH + " entries at a time");
        long started = System.nanoTime();
        Importer first = importer(store);
        long millis = (System.nanoTime() - started) / 1_000_000;
        long entries = store.kinds().stream().mapToLong(store::count).sum();
        narrator.check(entries > 0 && first.written() == entries, "every entry of the data set is in the store");
        narrator.say(first.summary() + " in " + millis + " ms");
        long before = revision(store);
        Importer again = importer(store);
        narrator.check(again.written() == entries && revision(store) == before, "importing again changes nothing");
        narrator.say("And the same again, which writes nothing, since nothing is different:");
        narrator.say(again.summary());
    }

    private static Importer importer(Store<JsonNode> store) {
        Importer importer = new Importer(store, null, BATCH, written -> {});
        importer.run(new NdjsonSource(DemoData.open()));
        return importer;
    }

    private void follow(Store<JsonNode> store) {
        narrator.step("Follow the countries while another thread writes");
        try (Watch<JsonNode> watch =
                store.watch(COUNTRIES, WatchOptions.defaults().withInitialReplay())) {
            long replayed = replay(watch);
            narrator.check(replayed == store.count(COUNTRIES), "the replay has every country once");
            narrator.say("The watch began with the " + replayed + " countries that are there. Now it is live:");
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(store));
            List<Change<JsonNode>> changes = next(watch, 4);
            writer.join();
            changes.forEach(this::show);
            narrator.check(
                    names(changes).equals(List.of("UPDATED JP", "UPDATED DE", "DELETED AQ", "CREATED AQ")),
                    "the watch saw all four changes in the order of the writes, but saw " + names(changes));
            narrator.check(ascend(changes), "revisions ascend");
            narrator.say(
                    "Four changes, in the order of their commits. A fifth write changed nothing, and is not there.");
        }
    }

    private static void write(Store<JsonNode> store) {
        store.update(COUNTRIES, "JP", country -> with(country, "capital", "東京"));
        store.update(COUNTRIES, "DE", country -> with(country, "capital", "Berlin"));
        store.update(COUNTRIES, "DE", country -> with(country, "capital", "Berlin"));
        JsonNode antarctica = store.delete(COUNTRIES, "AQ").orElseThrow();
        store.set(COUNTRIES, "AQ", antarctica);
    }

    private void conflict(Store<JsonNode> store) {
        narrator.step("Two editors change the Netherlands at once, and neither loses what the other wrote");
        Entry<JsonNode> read = store.entry(COUNTRIES, "NL").orElseThrow();
        long firstTag = store.replace(COUNTRIES, "NL", with(read.value(), "capital", "Amsterdam"), read.tag());
        narrator.say("Both read it at tag " + read.tag() + ". The first writes the capital; the tag is " + firstTag
                + " now.");
        try {
            store.replace(COUNTRIES, "NL", with(read.value(), "government", "Den Haag"), read.tag());
            throw new DemoException("a write with an old tag was accepted");
        } catch (ConflictException refused) {
            narrator.check(
                    refused.expected().equals(OptionalLong.of(read.tag()))
                            && refused.actual().equals(OptionalLong.of(firstTag)),
                    "the refusal names both tags");
            narrator.say("The second is refused: " + refused.getMessage() + ". It reads anew and writes:");
        }
        store.update(COUNTRIES, "NL", country -> with(country, "government", "Den Haag"));
        JsonNode both = store.get(COUNTRIES, "NL").orElseThrow();
        narrator.check(
                both.path("capital").asText().equals("Amsterdam")
                        && both.path("government").asText().equals("Den Haag"),
                "both edits are in the store");
        narrator.show(Json.line(Json.object()
                .put("capital", both.path("capital").asText())
                .put("government", both.path("government").asText())));
    }

    /** Returns the revision up to which a watch has seen everything. */
    private long batch(Store<JsonNode> store) {
        narrator.step("Bulgaria adopts the euro: three keys of two kinds change together, or none does");
        try (Watch<JsonNode> watch = store.watch(WatchOptions.defaults())) {
            Entry<JsonNode> lev = store.entry(CURRENCIES, "BGN").orElseThrow();
            WriteSummary summary = store.write(euro(store, lev.tag()));
            List<Change<JsonNode>> changes = next(watch, 3);
            changes.forEach(this::show);
            long first = summary.revision() - 2;
            narrator.check(
                    names(changes).equals(List.of("UPDATED BG", "UPDATED EUR", "DELETED BGN"))
                            && revisions(changes)
                                    .equals(LongStream.rangeClosed(first, first + 2)
                                            .boxed()
                                            .toList()),
                    "the three changes have consecutive revisions");
            narrator.say("Revisions " + first + " to " + summary.revision() + ", with nothing in between.");
            refused(store, euro(store, lev.tag()), summary.revision());
            return watch.revision();
        }
    }

    private static WriteBatch<JsonNode> euro(Store<JsonNode> store, long tagOfLev) {
        JsonNode bulgaria = store.get(COUNTRIES, "BG").orElseThrow();
        JsonNode euro = store.get(CURRENCIES, "EUR").orElseThrow();
        return new WriteBatch<JsonNode>()
                .set(COUNTRIES, "BG", with(bulgaria, "currency", "EUR"))
                .set(CURRENCIES, "EUR", with(euro, "newest", "BG"))
                .delete(CURRENCIES, "BGN", tagOfLev);
    }

    private void refused(Store<JsonNode> store, WriteBatch<JsonNode> batch, long before) {
        try {
            store.write(batch.set(COUNTRIES, "ZZ", Json.object()));
            throw new DemoException("a batch whose condition does not hold was written");
        } catch (ConflictException conflict) {
            narrator.check(
                    revision(store) == before && store.get(COUNTRIES, "ZZ").isEmpty(),
                    "the refused batch wrote nothing");
            narrator.say(
                    "A batch that expects the lev still to be there wrote nothing: " + conflict.getMessage() + ".");
        }
    }

    private void resume(long seen) {
        narrator.step("Close the store, open it again, and go on after revision " + seen);
        try (Session session = opener.get()) {
            SetResult result =
                    session.store().set(COUNTRIES, "AQ", Json.object().put("name", "Antarctica"));
            narrator.check(result == SetResult.UPDATED, "the store kept what was in it");
            narrator.say("One change while nobody watches. Closed again.");
        }
        try (Session session = opener.get();
                Watch<JsonNode> watch =
                        session.store().watch(WatchOptions.defaults().withStartAfter(seen))) {
            session.store().delete(COUNTRIES, "AQ");
            List<Change<JsonNode>> changes = next(watch, 2);
            changes.forEach(this::show);
            narrator.check(
                    names(changes).equals(List.of("UPDATED AQ", "DELETED AQ")) && ascend(changes),
                    "the watch delivered what it had missed, then the next change, but it delivered " + names(changes));
            narrator.say("The change that nobody saw, then a new one: none missing, none twice.");
        }
    }

    private static long replay(Watch<JsonNode> watch) {
        long replayed = 0;
        while (!watch.isSynced()) {
            replayed += next(watch, 1).stream().filter(Change::replayed).count();
        }
        return replayed;
    }

    static List<Change<JsonNode>> next(Watch<JsonNode> watch, int count) {
        List<Change<JsonNode>> changes = new ArrayList<>();
        try {
            while (changes.size() < count) {
                changes.add(watch.poll(PATIENCE)
                        .orElseThrow(
                                () -> new DemoException("the watch saw " + changes.size() + " changes of " + count)));
            }
            return changes;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new DemoException("it was interrupted");
        }
    }

    private void show(Change<JsonNode> change) {
        narrator.show(
                "revision " + change.revision() + "  " + change.type() + " " + change.kind() + "/" + change.key());
    }

    private static List<String> names(List<Change<JsonNode>> changes) {
        return changes.stream()
                .map(change -> change.type() + " " + change.key())
                .toList();
    }

    private static List<Long> revisions(List<Change<JsonNode>> changes) {
        return changes.stream().map(Change::revision).toList();
    }

    private static boolean ascend(List<Change<JsonNode>> changes) {
        List<Long> revisions = revisions(changes);
        return revisions.stream().sorted().distinct().toList().equals(revisions);
    }

    static long revision(Store<JsonNode> store) {
        try (var snapshot = store.snapshot()) {
            return snapshot.revision();
        }
    }

    static JsonNode with(JsonNode country, String member, String text) {
        ObjectNode changed = country.deepCopy();
        return changed.put(member, text);
    }
}
