package dev.tidemark.store.postgres;

import dev.tidemark.store.Condition;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What requests, one after the other, do to locked rows: worked out in memory, before any of it is written. */
final class Evaluation {

    /** A change for the outbox. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Change(RowState row, String etype, byte[] value, long version) {
        /** The value, unless the row holds it when all is done. */
        byte @Nullable [] valueApart() {
            return row.value() == value ? null : value;
        }
    }

    /**
     * The answer to a request.
     *
     * @param changes how many changes there were up to its last one, those of earlier requests included
     */
    record Answer(
            List<Outcome<byte[]>> outcomes,
            int changes,
            @Nullable ConflictException conflict) {}

    private final Map<RowState.Name, RowState> rows;
    private final Iterator<Long> tags;
    private final List<Change> changes = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();

    Evaluation(Map<RowState.Name, RowState> rows, Iterator<Long> tags) {
        this.rows = rows;
        this.tags = tags;
    }

    List<Change> changes() {
        return changes;
    }

    List<Answer> answers() {
        return answers;
    }

    void add(Request request) {
        for (Op<byte[]> op : request.operations()) {
            Long tag = row(op).presentTag();
            if (!op.condition().holds(tag)) {
                answers.add(new Answer(List.of(), changes.size(), op.conflict(tag)));
                return;
            }
        }
        List<Outcome<byte[]>> outcomes = new ArrayList<>(request.rows());
        for (Op<byte[]> op : request.operations()) {
            outcomes.add(apply(op));
            if (op instanceof Op.Delete<byte[]> && request.rows() > 1 && !row(op).isPresent()) {
                row(op).requireAbsence();
            }
        }
        answers.add(new Answer(outcomes, changes.size(), null));
    }

    private Outcome<byte[]> apply(Op<byte[]> op) {
        RowState row = row(op);
        if (op instanceof Op.Put<byte[]> put) {
            return put(row, put);
        }
        if (op instanceof Op.Delete<byte[]>) {
            return delete(row);
        }
        if (op.condition() instanceof Condition.Absent) {
            row.requireAbsence();
        }
        return Outcome.of(Outcome.Effect.NONE, row.isPresent() ? row.tag() : 0, null);
    }

    private Outcome<byte[]> put(RowState row, Op.Put<byte[]> put) {
        boolean created = !row.isPresent();
        if (!created && !put.evenIfEqual() && Arrays.equals(row.value(), put.value())) {
            return Outcome.of(Outcome.Effect.UNCHANGED, row.tag(), null);
        }
        row.put(put.value(), tags.next());
        changes.add(new Change(row, created ? "create" : "update", put.value(), row.version()));
        return Outcome.of(created ? Outcome.Effect.CREATED : Outcome.Effect.UPDATED, row.tag(), null);
    }

    private Outcome<byte[]> delete(RowState row) {
        byte[] deleted = row.value();
        if (deleted == null) {
            return Outcome.of(Outcome.Effect.NONE, 0, null);
        }
        row.delete();
        changes.add(new Change(row, "delete", deleted, row.version()));
        return Outcome.of(Outcome.Effect.DELETED, 0, deleted);
    }

    private RowState row(Op<byte[]> op) {
        return Objects.requireNonNull(rows.get(new RowState.Name(op.kind(), op.key())));
    }
}
