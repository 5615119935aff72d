package dev.tidemark.store.tck.suites;

import dev.tidemark.codec.Codec;
import dev.tidemark.codec.yaml.YamlCodec;
import dev.tidemark.store.tck.CodecTck;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

class YamlCodecTest extends CodecTck<Document> {
    @Override
    protected Codec<Document> codec() {
        return YamlCodec.of(Document.class);
    }

    @Override
    protected List<Document> values() {
        return Document.values();
    }

    @Override
    protected List<byte[]> malformed() {
        return Stream.of("a: [1", "at: never", "- a", "text: {}", "a: &x [*x]")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
