package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.ConflictException;
import dev.tidemark.store.Entry;
import dev.tidemark.store.KeyNotFoundException;
import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import dev.tidemark.store.postgres.PostgresBackend;
import dev.tidemark.store.postgres.chaos.Call.Op;
import dev.tidemark.store.postgres.chaos.Call.Outcome;
import dev.tidemark.store.postgres.chaos.Call.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Writes through the store, in every way that it offers. */
final class OwnWriter implements WriterProcess.Writer {
    private static final int MANY = 200;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Store<String> store;
    private final Journal journal;
    private final Random random;
    private int ownKeys;

    OwnWriter(PostgresBackend backend, Journal journal, Random random) {
        this.store = backend.store(Text.CODEC, StoreOptions.<String>defaults().withNamespace(journal.namespace()));
        this.journal = journal;
        this.random = random;
    }

    private interface Body {
        String[] run();
    }

    @Override
    public void turn() {
        String kind = Keys.kind(random);
        String key = Keys.of(kind, random);
        int roll = random.nextInt(100);
        if (roll < 30) {
            set(Op.SET, kind, key, Text.value(journal.next() + ".0", 0));
        } else if (roll < 40) {
            create(kind, key);
        } else if (roll < 52) {
            replace(kind, key);
        } else if (roll < 64) {
            delete(kind, key);
        } else if (roll < 76) {
            update(kind, key);
        } else if (roll < 84) {
            read(kind, key);
        } else if (roll < 88) {
            setTwice();
        } else if (roll < 98) {
            batch();
        } else {
            setAll();
        }
    }

    private Outcome set(Op op, String kind, String key, String value) {
        List<Step> steps = List.of(Step.set(kind, key, Text.token(value)));
        return perform(journal.latest(), op, steps, () -> of(store.set(kind, key, value)));
    }

    /** A second time, the same value must change nothing; only this thread writes the key. */
    private void setTwice() {
        String key = "own-" + journal.writer() + "-" + ownKeys;
        String value = Text.value(journal.next() + ".0", 0);
        Outcome first = set(Op.SET, Keys.WIDE, key, value);
        if (first == Outcome.DONE) {
            journal.next();
            first = set(Op.AGAIN, Keys.WIDE, key, value);
        }
        if (first == Outcome.UNKNOWN) {
            ownKeys++;
        }
    }

    private void create(String kind, String key) {
        String id = journal.next();
        perform(id, Op.CREATE, List.of(Step.create(kind, key, id + ".0")), () -> {
            return of(store.create(kind, key, Text.value(id + ".0", 0)));
        });
    }

    private void replace(String kind, String key) {
        Optional<Entry<String>> present = read(kind, key);
        if (present.isPresent()) {
            String id = journal.next();
            long tag = present.get().tag();
            Step step = new Step(kind, key, id + ".0", Text.token(present.get().value()));
            perform(id, Op.REPLACE, List.of(step), () -> {
                return of(store.replace(kind, key, Text.value(id + ".0", 0), tag));
            });
        }
    }

    private void delete(String kind, String key) {
        String id = journal.next();
        perform(id, Op.DELETE, List.of(Step.delete(kind, key)), () -> {
            return of(store.delete(kind, key).orElse(Call.NONE));
        });
    }

    private void update(String kind, String key) {
        String id = journal.next();
        perform(id, Op.UPDATE, List.of(Step.set(kind, key, id + ".0")), () -> {
            return of(store.update(kind, key, value -> Text.value(id + ".0", Text.count(value) + 1)));
        });
    }

    private Optional<Entry<String>> read(String kind, String key) {
        List<Entry<String>> found = new ArrayList<>();
        perform(journal.next(), Op.GET, List.of(Step.read(kind, key)), () -> {
            Optional<Entry<String>> entry = store.entry(kind, key);
            entry.ifPresent(found::add);
            return entry.map(present -> of(present.value(), present.tag(), present.version()))
                    .orElse(of(Call.NONE));
        });
        return found.stream().findFirst();
    }

    /** Two kinds, at times on a condition, at times with a delete at the end. */
    private void batch() {
        String id = journal.next();
        int hot = random.nextInt(Keys.HOT_KEYS);
        int wide = random.nextInt(Keys.WIDE_KEYS);
        List<Step> steps = new ArrayList<>();
        steps.add(Step.set(Keys.HOT, Keys.hot(hot), id + ".0"));
        steps.add(
                random.nextInt(3) == 0
                        ? Step.create(Keys.WIDE, Keys.wide(wide), id + ".1")
                        : Step.set(Keys.WIDE, Keys.wide(wide), id + ".1"));
        if (random.nextBoolean()) {
            steps.add(Step.delete(Keys.HOT, Keys.hot(hot + 1)));
        }
        perform(id, Op.BATCH, steps, () -> of(store.write(batch(steps))));
    }

    private static WriteBatch<String> batch(List<Step> steps) {
        WriteBatch<String> batch = new WriteBatch<>();
        for (Step step : steps) {
            if (step.isDelete()) {
                batch.delete(step.kind(), step.key());
            } else if (step.expected().equals(Call.ABSENT)) {
                batch.create(step.kind(), step.key(), Text.value(step.token(), 0));
            } else {
                batch.set(step.kind(), step.key(), Text.value(step.token(), 0));
            }
        }
        return batch;
    }

    private void setAll() {
        int first = random.nextInt(Keys.WIDE_KEYS - MANY);
        setAll(IntStream.range(first, first + MANY).mapToObj(Keys::wide).toList());
    }

    /** Gives every key of the wide kind a value, for replays of many pages. */
    Outcome fill() {
        return setAll(java.util.stream.Stream.concat(
                        IntStream.range(0, Keys.WIDE_KEYS).mapToObj(Keys::wide), java.util.stream.Stream.of(Keys.LAST))
                .toList());
    }

    private Outcome setAll(List<String> keys) {
        String id = journal.next();
        List<Step> steps = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        for (String key : keys) {
            Step step = Step.set(Keys.WIDE, key, id + "." + steps.size());
            steps.add(step);
            values.put(step.key(), Text.value(step.token(), 0));
        }
        return perform(id, Op.SET_ALL, steps, () -> of(store.setAll(Keys.WIDE, values)));
    }

    private static String[] of(WriteSummary summary) {
        return of(summary.revision(), summary.created(), summary.updated(), summary.unchanged(), summary.deleted());
    }

    private static String[] of(Object... details) {
        String[] texts = new String[details.length];
        for (int i = 0; i < details.length; i++) {
            texts[i] = details[i].toString();
        }
        return texts;
    }

    private Outcome perform(String id, Op op, List<Step> steps, Body body) {
        Call call = journal.begin(id, op, steps);
        try {
            journal.end(call, Outcome.DONE, body.run());
            return Outcome.DONE;
        } catch (ConflictException | KeyNotFoundException refusal) {
            return failed(call, Outcome.REFUSED, refusal);
        } catch (OutcomeUnknownException unknown) {
            return failed(call, Outcome.UNKNOWN, unknown);
        } catch (StoreUnavailableException | StoreTimeoutException clean) {
            failed(call, Outcome.FAILED, clean);
            LockSupport.parkNanos(PAUSE_NANOS);
            return Outcome.FAILED;
        } catch (RuntimeException odd) {
            odd.printStackTrace();
            return failed(call, Outcome.ODD, odd);
        }
    }

    private Outcome failed(Call call, Outcome outcome, RuntimeException why) {
        journal.end(call, outcome, why.toString().replaceAll("\\s+", " "));
        return outcome;
    }
}
