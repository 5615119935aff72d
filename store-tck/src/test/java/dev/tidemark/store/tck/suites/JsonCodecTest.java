package dev.tidemark.store.tck.suites;

import dev.tidemark.codec.Codec;
import dev.tidemark.codec.json.JsonCodec;
import dev.tidemark.store.tck.CodecTck;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

class JsonCodecTest extends CodecTck<Document> {
    @Override
    protected Codec<Document> codec() {
        return JsonCodec.of(Document.class);
    }

    @Override
    protected List<Document> values() {
        return Document.values();
    }

    @Override
    protected List<byte[]> malformed() {
        return Stream.of("", "{", "[]x", "{\"text\":1,", "{\"at\":\"never\"}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
