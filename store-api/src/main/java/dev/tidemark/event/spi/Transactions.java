package dev.tidemark.event.spi;

import dev.tidemark.store.Transaction;
import java.util.function.Function;

/**
 * Makes typed transactions of an engine.
 *
 * @since 0.1
 */
public final class Transactions {
    private Transactions() {}

    /**
     * Returns what refuses a write past the transaction that its own thread is inside of, such as one by a hook: it would wait for the
     * end of that transaction, or be undone with it.
     */
    public static IllegalStateException inside() {
        return new IllegalStateException(
                "this thread is inside of a transaction; write to the Transaction that it was given");
    }

    /** Does what {@link dev.tidemark.store.Backend#transact} promises. */
    public static <T> T run(TransactionEngine engine, Function<? super Transaction, T> work) {
        return engine.transact(transaction -> {
            TypedTransaction typed = new TypedTransaction(engine, transaction);
            try {
                T result = work.apply(typed);
                typed.flush();
                return result;
            } finally {
                typed.end();
            }
        });
    }
}
