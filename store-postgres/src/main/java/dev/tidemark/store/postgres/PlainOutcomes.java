package dev.tidemark.store.postgres;

import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Gathers what the chunks of a large write did, back in the order of its operations. */
final class PlainOutcomes {
    private final Request request;
    private final List<Outcome<byte[]>> outcomes;
    private final long[] versions;

    PlainOutcomes(Request request) {
        this.request = request;
        this.outcomes = new ArrayList<>(Collections.nCopies(request.rows(), Outcome.of(Outcome.Effect.NONE, 0, null)));
        this.versions = new long[request.rows()];
    }

    void addAll(ResultSet places) throws SQLException {
        while (places.next()) {
            int place = places.getInt(1);
            outcomes.set(place, PlainWrite.outcome(places));
            versions[place] = places.getLong(4);
        }
    }

    TransactionWrite.Prepared prepared() {
        List<TransactionWrite.Appended> changes = new ArrayList<>();
        for (int place = 0; place < outcomes.size(); place++) {
            Op<byte[]> op = request.operations().get(place);
            Outcome.Effect effect = outcomes.get(place).effect();
            if (effect != Outcome.Effect.UNCHANGED) {
                String etype = effect == Outcome.Effect.CREATED ? "create" : "update";
                changes.add(new TransactionWrite.Appended(op.kind(), op.key(), etype, null, versions[place]));
            }
        }
        Evaluation.Answer answer = new Evaluation.Answer(outcomes, changes.size(), null);
        return new TransactionWrite.Prepared(List.of(answer), changes);
    }
}
