package dev.tidemark.store.tck.broken;

import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.KeyRange;
import dev.tidemark.store.spi.Stored;
import java.util.Collection;
import java.util.List;

/** A snapshot that checks whether its rig is open, made to be overridden. */
class ForwardingSnapshot implements EngineSnapshot<byte[]> {
    private final EngineSnapshot<byte[]> view;
    private final Runnable check;

    ForwardingSnapshot(EngineSnapshot<byte[]> view, Runnable check) {
        this.view = view;
        this.check = check;
    }

    EngineSnapshot<byte[]> view() {
        check.run();
        return view;
    }

    @Override
    public long revision() {
        return view.revision();
    }

    @Override
    public List<String> kinds() {
        return view().kinds();
    }

    @Override
    public long count(String kind, KeyRange range) {
        return view().count(kind, range);
    }

    @Override
    public List<String> keys(String kind, KeyRange range, int limit) {
        return view().keys(kind, range, limit);
    }

    @Override
    public Page<byte[]> page(String kind, KeyRange range, int limit) {
        return view().page(kind, range, limit);
    }

    @Override
    public List<Stored<byte[]>> getAll(String kind, Collection<String> keys) {
        return view().getAll(kind, keys);
    }

    @Override
    public void close() {
        view.close();
    }
}
