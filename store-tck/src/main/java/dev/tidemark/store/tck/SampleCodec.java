package dev.tidemark.store.tck;

import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Four bytes of number, then the name. */
final class SampleCodec implements Codec<Sample> {
    @Override
    public byte[] encode(Sample value) {
        byte[] name = value.name().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + name.length)
                .putInt(value.number())
                .put(name)
                .array();
    }

    @Override
    public Sample decode(byte[] bytes) {
        if (bytes.length < Integer.BYTES) {
            throw new CodecException("a sample has at least " + Integer.BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int number = buffer.getInt();
        try {
            String name = StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
            return new Sample(name, number);
        } catch (CharacterCodingException malformed) {
            throw new CodecException("the name of the sample is not UTF-8", malformed);
        }
    }
}
