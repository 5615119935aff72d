package dev.tidemark.store.spi;

import dev.tidemark.store.Condition;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.KeyNotFoundException;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The write path: values are validated and encoded, become operations, and the engine commits those.
 *
 * <p>What depends on the present value (updates, and writes of a view with its own idea of sameness) is optimistic: read,
 * decide, write on the condition that the tag is still the one that was read, and start over if not. In a process only one
 * caller at a time starts over for a key; the others queue for it, so that contention costs turns, not wasted attempts.
 */
final class TypedWriter<V, R> {
    private final Engine<R> engine;
    private final long namespace;
    private final ValueMapper<V, R> mapper;
    private final KeyLocks retries = new KeyLocks();

    TypedWriter(Engine<R> engine, long namespace, ValueMapper<V, R> mapper) {
        this.engine = engine;
        this.namespace = namespace;
        this.mapper = mapper;
    }

    /** A write of a value that was validated and encoded. */
    private record Draft<V, R>(Op<R> op, @Nullable V value) {}

    private record Name(String kind, String key) {
        static Name of(Op<?> op) {
            return new Name(op.kind(), op.key());
        }
    }

    static SetResult setResult(Outcome<?> outcome) {
        return switch (outcome.effect()) {
            case CREATED -> SetResult.CREATED;
            case UPDATED -> SetResult.UPDATED;
            case UNCHANGED, DELETED, NONE -> SetResult.UNCHANGED;
        };
    }

    Outcome<R> put(String kind, String key, V value, Condition condition) {
        checkNames(kind, key);
        R stored = mapper.toStored(kind, key, value);
        Op<R> op = new Op.Put<>(kind, key, stored, condition, false);
        return mapper.comparesValues()
                ? commit(List.of(new Draft<>(op, value))).outcomes().get(0)
                : engine.write(namespace, op);
    }

    Optional<V> delete(String kind, String key, Condition condition) {
        checkNames(kind, key);
        Op<R> op = new Op.Delete<>(kind, key, condition);
        R deleted = engine.write(namespace, op).deleted();
        return deleted == null ? Optional.empty() : Optional.of(mapper.toValue(kind, key, deleted));
    }

    WriteSummary setAll(String kind, Map<String, ? extends V> values) {
        Names.checkKind(kind);
        Map<String, V> inOrder = new TreeMap<>(Names.ORDER);
        values.forEach((key, value) -> inOrder.put(Names.checkKey(key), Objects.requireNonNull(value, "value")));
        List<Draft<V, R>> drafts = new ArrayList<>(inOrder.size());
        inOrder.forEach((key, value) -> drafts.add(draftOfPut(kind, key, value, Condition.ANY)));
        return summary(drafts, commit(drafts));
    }

    WriteSummary write(WriteBatch<V> batch) {
        List<Draft<V, R>> drafts = drafts(batch);
        return summary(drafts, commit(drafts));
    }

    /** Validates and encodes a batch now; what it comes to may depend on what is there later. */
    Function<PreparedWrite.Entries<R>, List<Op<R>>> prepare(WriteBatch<V> batch) {
        List<Draft<V, R>> drafts = drafts(batch);
        return entries -> mapper.comparesValues()
                ? compared(drafts, entries)
                : drafts.stream().map(Draft::op).toList();
    }

    private List<Draft<V, R>> drafts(WriteBatch<V> batch) {
        List<Draft<V, R>> drafts = new ArrayList<>();
        for (WriteBatch.Step<V> step : batch.steps()) {
            drafts.add(draftOf(step));
        }
        return drafts;
    }

    V update(String kind, String key, UnaryOperator<V> change) {
        Objects.requireNonNull(change, "change");
        return change(kind, key, current -> {
            V value = current.orElseThrow(() -> new KeyNotFoundException(kind, key));
            return change.apply(value);
        });
    }

    V upsert(String kind, String key, Function<Optional<V>, V> change) {
        return change(kind, key, Objects.requireNonNull(change, "change"));
    }

    private V change(String kind, String key, Function<Optional<V>, V> change) {
        checkNames(kind, key);
        return retries.attempt(kind, key, engine.timeout(), () -> {
            Stored<R> current = engine.get(namespace, kind, key);
            Optional<V> before = current == null ? Optional.empty() : Optional.of(mapper.toValue(current));
            V after = Objects.requireNonNull(change.apply(before), "the function returned null");
            R stored = mapper.toStored(kind, key, after);
            if (current != null && mapper.isSame(current, after, stored)) {
                return after;
            }
            return tryWrite(List.of(putOver(current, kind, key, stored))) == null ? null : after;
        });
    }

    private Draft<V, R> draftOfPut(String kind, String key, V value, Condition condition) {
        R stored = mapper.toStored(kind, key, value);
        return new Draft<>(new Op.Put<>(kind, key, stored, condition, false), value);
    }

    private Draft<V, R> draftOf(WriteBatch.Step<V> step) {
        return switch (step.action()) {
            case SET -> draftOfPut(step.kind(), step.key(), Objects.requireNonNull(step.value()), step.condition());
            case DELETE -> new Draft<>(new Op.Delete<>(step.kind(), step.key(), step.condition()), null);
            case REQUIRE -> new Draft<>(new Op.Check<>(step.kind(), step.key(), step.condition()), null);
        };
    }

    private Commit<R> commit(List<Draft<V, R>> drafts) {
        if (drafts.isEmpty() || !mapper.comparesValues()) {
            return engine.write(namespace, drafts.stream().map(Draft::op).toList());
        }
        Op<R> first = drafts.get(0).op();
        return retries.attempt(first.kind(), first.key(), engine.timeout(), () -> tryWrite(compared(drafts)));
    }

    /** Null when a condition did not hold. */
    private @Nullable Commit<R> tryWrite(List<Op<R>> ops) {
        try {
            return engine.write(namespace, ops);
        } catch (ConflictException overtaken) {
            return null;
        }
    }

    /** The operations that do what the drafts say if nothing they were compared with changes meanwhile. */
    private List<Op<R>> compared(List<Draft<V, R>> drafts) {
        try (EngineSnapshot<R> snapshot = engine.view(namespace)) {
            return compared(drafts, snapshot::getAll);
        }
    }

    private List<Op<R>> compared(List<Draft<V, R>> drafts, PreparedWrite.Entries<R> entries) {
        Map<String, Set<String>> keys = new HashMap<>();
        drafts.forEach(draft -> keys.computeIfAbsent(draft.op().kind(), kind -> new HashSet<>())
                .add(draft.op().key()));
        Map<Name, Stored<R>> present = new HashMap<>();
        keys.forEach((kind, ofKind) ->
                entries.getAll(kind, ofKind).forEach(stored -> present.put(new Name(kind, stored.key()), stored)));
        drafts.forEach(draft -> checkCondition(draft.op(), present.get(Name.of(draft.op()))));
        return drafts.stream()
                .map(draft -> compared(draft, present.get(Name.of(draft.op()))))
                .toList();
    }

    private Op<R> compared(Draft<V, R> draft, @Nullable Stored<R> present) {
        Op<R> op = draft.op();
        V value = draft.value();
        if (!(op instanceof Op.Put<R> put) || value == null) {
            return op;
        }
        if (present != null && mapper.isSame(present, value, put.value())) {
            return new Op.Check<>(put.kind(), put.key(), Condition.tag(present.tag()));
        }
        return putOver(present, put.kind(), put.key(), put.value());
    }

    private Op<R> putOver(@Nullable Stored<R> present, String kind, String key, R value) {
        Condition unchanged = present == null ? Condition.ABSENT : Condition.tag(present.tag());
        return new Op.Put<>(kind, key, value, unchanged, true);
    }

    private static void checkCondition(Op<?> op, @Nullable Stored<?> present) {
        Long tag = present == null ? null : Long.valueOf(present.tag());
        if (!op.condition().holds(tag)) {
            throw op.conflict(tag);
        }
    }

    /** What was to be put and was neither created nor updated is unchanged, whoever found that out. */
    private static <V, R> WriteSummary summary(List<Draft<V, R>> drafts, Commit<R> commit) {
        int created = count(commit, Outcome.Effect.CREATED);
        int updated = count(commit, Outcome.Effect.UPDATED);
        int puts = (int)
                drafts.stream().filter(draft -> draft.op() instanceof Op.Put).count();
        int deleted = count(commit, Outcome.Effect.DELETED);
        return new WriteSummary(commit.revision(), created, updated, puts - created - updated, deleted);
    }

    private static int count(Commit<?> commit, Outcome.Effect effect) {
        return (int) commit.outcomes().stream()
                .filter(outcome -> outcome.effect() == effect)
                .count();
    }

    private static void checkNames(String kind, String key) {
        Names.checkKind(kind);
        Names.checkKey(key);
    }
}
