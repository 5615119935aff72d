package dev.tidemark.benchmarks.postgres;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Notes when numbers arrive at a watch of an etcd; says when it is at work. */
final class EtcdListener implements Watch.Listener {
    private final long[] arrived;
    private final CompletableFuture<Void> all = new CompletableFuture<>();
    private int missing;

    private EtcdListener(long[] arrived) {
        this.arrived = arrived;
        this.missing = arrived.length;
    }

    /** Waits for all numbers. */
    static void watch(String uri, long[] arrived) throws Exception {
        EtcdListener listener = new EtcdListener(arrived);
        WatchOption everything =
                WatchOption.builder().isPrefix(true).withCreateNotify(true).build();
        try (Client client = EtcdKeys.connect(uri)) {
            client.getWatchClient().watch(ByteSequence.EMPTY, everything, listener);
            listener.all.get(Schema.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void onNext(WatchResponse response) {
        if (response.isCreatedNotify()) {
            System.out.println("ready");
        }
        for (WatchEvent event : response.getEvents()) {
            arrived[Stamp.number(event.getKeyValue().getValue().getBytes())] = Stamp.micros();
            missing--;
        }
        if (missing == 0) {
            all.complete(null);
        }
    }

    @Override
    public void onError(Throwable failure) {
        all.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
        all.completeExceptionally(new IllegalStateException("the watch ended while " + missing + " were missing"));
    }
}
