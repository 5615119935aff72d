package dev.tidemark.store.postgres.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a writer asked for, and what came of it.
 *
 * @param id begins every token that the call writes
 * @param invoked when, by the clock that all processes of a machine share
 * @param returned when; the end of time unless it is known that the call is over
 * @param details what it returned; see {@link Op}
 */
record Call(
        String id,
        Op op,
        long namespace,
        List<Step> steps,
        long invoked,
        long returned,
        Outcome outcome,
        List<String> details) {
    /** Stands for an absent value. */
    static final String NONE = "-";

    /** As the condition of a step: the key must be absent. */
    static final String ABSENT = "0";

    /** What a call does, and what it returns when it succeeds. */
    enum Op {
        /** A result. */
        SET,
        /** The value of the thread's own key once more; a result. */
        AGAIN,
        /** A tag. */
        CREATE,
        /** A tag. */
        REPLACE,
        /** The deleted value. */
        DELETE,
        /** The new value. */
        UPDATE,
        /** The value, its tag and its version. */
        GET,
        /** A revision and the numbers of entries created, updated, unchanged and deleted. */
        BATCH,
        /** As {@link #BATCH}. */
        SET_ALL,
        /** A transaction of plain SQL; per step, the value that it replaced or deleted. */
        FOREIGN,
        /** A transaction that the store joined; per step, the result of the set or the deleted value. */
        JOINED;

        boolean isRead() {
            return this == GET || this == AGAIN;
        }
    }

    /** How a call ended. */
    enum Outcome {
        DONE,
        /** A condition did not hold, or the key was absent: nothing was written. */
        REFUSED,
        /** It failed, and says that nothing was written. */
        FAILED,
        /** Nobody knows; also that of a call that its process did not survive. */
        UNKNOWN,
        /** An exception that should not come. */
        ODD
    }

    /**
     * One key of a call.
     *
     * @param token of the value to store; {@link #NONE} to delete
     * @param expected the token that the present value must have; {@link #ABSENT} if there must be none; {@link #NONE} without
     *     condition
     */
    record Step(String kind, String key, String token, String expected) {
        static Step set(String kind, String key, String token) {
            return new Step(kind, key, token, NONE);
        }

        static Step create(String kind, String key, String token) {
            return new Step(kind, key, token, ABSENT);
        }

        static Step delete(String kind, String key) {
            return new Step(kind, key, NONE, NONE);
        }

        static Step read(String kind, String key) {
            return new Step(kind, key, NONE, NONE);
        }

        boolean isDelete() {
            return token.equals(NONE);
        }
    }

    Call ended(Outcome how, long when, List<String> returnedDetails) {
        long end = how == Outcome.UNKNOWN ? Long.MAX_VALUE : when;
        return new Call(id, op, namespace, steps, invoked, end, how, returnedDetails);
    }

    boolean isDone() {
        return outcome == Outcome.DONE;
    }

    boolean isUnknown() {
        return outcome == Outcome.UNKNOWN;
    }

    /** The line that is written before the call. */
    String line() {
        List<String> fields = new ArrayList<>(List.of("I", id, op.name(), "" + namespace, "" + invoked));
        steps.forEach(step -> fields.addAll(List.of(step.kind(), step.key(), step.token(), step.expected())));
        return String.join("\t", fields);
    }

    static Call ofLine(String[] fields) {
        List<Step> steps = new ArrayList<>();
        for (int i = 5; i < fields.length; i += 4) {
            steps.add(new Step(fields[i], fields[i + 1], fields[i + 2], fields[i + 3]));
        }
        return new Call(
                fields[1],
                Op.valueOf(fields[2]),
                Long.parseLong(fields[3]),
                steps,
                Long.parseLong(fields[4]),
                Long.MAX_VALUE,
                Outcome.UNKNOWN,
                List.of());
    }

    Call endedByLine(String[] fields) {
        List<String> rest = Arrays.asList(fields).subList(4, fields.length);
        return ended(Outcome.valueOf(fields[2]), Long.parseLong(fields[3]), rest);
    }
}
