package dev.tidemark.store.postgres;

import dev.tidemark.store.Condition;
import dev.tidemark.store.spi.Op;
import java.util.List;

/** A write that waits for its transaction. */
record Request(List<Op<byte[]>> operations, long bytes, boolean plain) {

    static Request of(List<Op<byte[]>> operations) {
        long bytes = 0;
        boolean plain = true;
        for (Op<byte[]> op : operations) {
            bytes += op.kind().length() + op.key().length() + 64L;
            if (op instanceof Op.Put<byte[]> put) {
                bytes += put.value().length;
                plain &= put.condition() instanceof Condition.Any && !put.evenIfEqual();
            } else {
                plain = false;
            }
        }
        return new Request(operations, bytes, plain);
    }

    int rows() {
        return operations.size();
    }
}
