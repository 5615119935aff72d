package dev.tidemark.store.tck.broken;

import dev.tidemark.event.AppendIdReusedException;
import dev.tidemark.event.Appended;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.store.StoreUnavailableException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Event stores that break what is promised about writing. */
final class BrokenEventWrites {
    private BrokenEventWrites() {}

    static Stream<BrokenEvents> all() {
        return Stream.of(
                writing("e1", "a batch is written line by line", BrokenEventWrites::lineByLine),
                writing("e1", "the last event of a large write is forgotten", BrokenEventWrites::forgetting),
                writing("e2", "an event whose id is taken is passed over", BrokenEventWrites::passingOver),
                writing("e2", "a conflict does not say what it found", BrokenEventWrites::vague),
                writing("e3", "what is expected is ignored", BrokenEventWrites::expectingAnything),
                new BrokenEvents("e6", "only a write makes the table", BrokenEventWrites::madeByWriting),
                writing(
                        "e6",
                        "nothing can be written even after close",
                        (store, batch) ->
                                batch.steps().isEmpty() ? new Appended(List.of(), false) : store.write(batch)),
                writing(
                        "e7",
                        "append ids are ignored",
                        (store, batch) -> store.write(edited(batch, event -> event, false))),
                writing("e7", "another payload gets the result of the first", BrokenEventWrites::careless),
                writing("e8", "times are cut to microseconds", BrokenEventWrites::cutting),
                writing("e8", "metadata is lost", BrokenEventWrites::withoutMetadata),
                deleting("e11", "unknown ids are counted", (store, ids) -> {
                    store.delete(ids);
                    return ids.size();
                }),
                writing(
                        "e19",
                        "an aggregate is saved whatever happened meanwhile",
                        BrokenEventWrites::expectingAnything));
    }

    private interface Write {
        Appended on(EventStore store, EventBatch batch);
    }

    private interface Delete {
        int on(EventStore store, Collection<UUID> ids);
    }

    private static BrokenEvents writing(String rule, String what, Write broken) {
        return BrokenEvents.store(rule, what, store -> new ForwardingEventStore(store) {
            @Override
            public Appended write(EventBatch batch) {
                return broken.on(store, batch);
            }
        });
    }

    private static BrokenEvents deleting(String rule, String what, Delete broken) {
        return BrokenEvents.store(rule, what, store -> new ForwardingEventStore(store) {
            @Override
            public int delete(Collection<UUID> ids) {
                return broken.on(store, ids);
            }
        });
    }

    /** A batch like another, with its inserted events edited. */
    private static EventBatch edited(EventBatch batch, UnaryOperator<Event<?>> edit, boolean identified) {
        EventBatch edited = new EventBatch();
        for (EventBatch.Step step : batch.steps()) {
            if (step instanceof EventBatch.Append append) {
                edited.append(
                        append.aggregate(), append.expected(), append.data().toArray());
            } else if (step instanceof EventBatch.Insert insert) {
                edited.insert(edit.apply(insert.event()));
            }
        }
        batch.metadata().forEach(edited::metadata);
        if (identified) {
            batch.appendId().ifPresent(edited::appendId);
        }
        return edited;
    }

    private static Appended lineByLine(EventStore store, EventBatch batch) {
        List<Event<?>> written = new ArrayList<>();
        for (EventBatch.Step step : batch.steps()) {
            if (step instanceof EventBatch.Append append) {
                written.addAll(store.append(
                                append.aggregate(),
                                append.expected(),
                                append.data().toArray())
                        .events());
            } else if (step instanceof EventBatch.Insert insert) {
                written.addAll(store.insert(insert.event()).events());
            }
        }
        return new Appended(written, false);
    }

    private static Appended forgetting(EventStore store, EventBatch batch) {
        Appended written = store.write(batch);
        if (written.events().size() > 500) {
            store.delete(written.events().get(written.events().size() - 1));
        }
        return written;
    }

    private static Appended passingOver(EventStore store, EventBatch batch) {
        EventBatch fresh = new EventBatch();
        for (EventBatch.Step step : batch.steps()) {
            if (step instanceof EventBatch.Append append) {
                fresh.append(
                        append.aggregate(), append.expected(), append.data().toArray());
            } else if (step instanceof EventBatch.Insert insert
                    && store.find(insert.event().id()).isEmpty()) {
                fresh.insert(insert.event());
            }
        }
        return store.write(fresh);
    }

    private static Appended vague(EventStore store, EventBatch batch) {
        try {
            return store.write(batch);
        } catch (EventConflictException conflict) {
            throw conflict.aggregate()
                    .map(aggregate -> new EventConflictException(aggregate, 0, 0))
                    .orElse(conflict);
        }
    }

    static Appended expectingAnything(EventStore store, EventBatch batch) {
        EventBatch any = new EventBatch();
        for (EventBatch.Step step : batch.steps()) {
            if (step instanceof EventBatch.Append append) {
                any.append(
                        append.aggregate(), ExpectedVersion.ANY, append.data().toArray());
            } else if (step instanceof EventBatch.Insert insert) {
                any.insert(insert.event());
            }
        }
        return store.write(any);
    }

    private static Appended careless(EventStore store, EventBatch batch) {
        try {
            return store.write(batch);
        } catch (AppendIdReusedException reused) {
            return new Appended(List.of(), true);
        }
    }

    private static Appended cutting(EventStore store, EventBatch batch) {
        return store.write(edited(batch, event -> event.withTime(event.time().truncatedTo(ChronoUnit.MICROS)), true));
    }

    private static Appended withoutMetadata(EventStore store, EventBatch batch) {
        return store.write(edited(batch, event -> event.withMetadata(Map.of()), true));
    }

    private static EventRig madeByWriting() {
        return new EventRig() {
            @Override
            EventStore decorate(EventStore store, EventStoreOptions options) {
                AtomicBoolean made = new AtomicBoolean();
                return new ForwardingEventStore(store) {
                    @Override
                    public Appended write(EventBatch batch) {
                        made.set(true);
                        return store.write(batch);
                    }

                    @Override
                    public Optional<Event<?>> find(UUID id) {
                        if (!made.get()) {
                            throw new StoreUnavailableException("there is no table yet", null);
                        }
                        return store.find(id);
                    }
                };
            }
        };
    }
}
