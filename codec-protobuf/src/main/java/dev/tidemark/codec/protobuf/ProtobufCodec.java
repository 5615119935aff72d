package dev.tidemark.codec.protobuf;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import java.io.IOException;
import java.util.Objects;

/**
 * Protocol Buffers messages as values: generated ones, lite ones, and {@code DynamicMessage}s. Thread safe; never blocks.
 *
 * <p><b>Equal messages, equal bytes.</b> Serialization is deterministic: fields by number, the entries of maps by key, in
 * dynamic messages too. The bytes inside an {@code Any} are taken as they are. (Deterministic holds for one version of a
 * schema; a message with a field added has other bytes, of course.)
 *
 * <p><b>What is written can be read.</b> A message is parsed once before {@code encode} returns its bytes, and must equal
 * the one given. So the parser's limit of 100 levels holds on both sides, and strings with an unpaired surrogate, which
 * Protocol Buffers would turn into question marks, are refused, like messages that lack a required field.
 *
 * <p>Unknown fields are kept when bytes are decoded, and written again: old code passes on what new code added.
 *
 * <p>Malformed bytes give a {@link CodecException}, which names the type and the rule broken but never holds content.
 *
 * @param <M> the type of the messages
 * @since 0.1
 */
public final class ProtobufCodec<M extends MessageLite> implements Codec<M> {
    private final String type;
    private final Parser<? extends MessageLite> parser;
    private final Class<?> messageClass;
    private final ExtensionRegistryLite extensions;

    private ProtobufCodec(M defaultInstance, ExtensionRegistryLite extensions) {
        this.type = defaultInstance instanceof Message message
                ? message.getDescriptorForType().getFullName()
                : defaultInstance.getClass().getName();
        this.parser = defaultInstance.getParserForType();
        this.messageClass = defaultInstance.getClass();
        this.extensions = extensions;
    }

    /** Returns a codec for the type of {@code defaultInstance}: {@code ProtobufCodec.of(User.getDefaultInstance())}. */
    public static <M extends MessageLite> ProtobufCodec<M> of(M defaultInstance) {
        return of(defaultInstance, ExtensionRegistryLite.getEmptyRegistry());
    }

    /** Returns a codec for messages that may carry these extensions; others are unknown fields. */
    public static <M extends MessageLite> ProtobufCodec<M> of(M defaultInstance, ExtensionRegistryLite extensions) {
        return new ProtobufCodec<>(defaultInstance, extensions.getUnmodifiable());
    }

    @Override
    public byte[] encode(M value) {
        Objects.requireNonNull(value, "value");
        try {
            byte[] bytes = write(SortedMaps.in(value));
            if (!parse(bytes).equals(value)) {
                throw new CodecException("Can't encode " + type + " as Protobuf: it reads back as another message;"
                        + " look for unpaired surrogates, or extensions the codec was not told of");
            }
            return bytes;
        } catch (IOException | IllegalArgumentException e) {
            throw failure("encode " + type + " as", e);
        }
    }

    @Override
    public M decode(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        try {
            return parse(bytes);
        } catch (IOException | IllegalArgumentException e) {
            throw failure("decode " + type + " from", e);
        }
    }

    @Override
    public String mediaType() {
        return "application/protobuf";
    }

    private static byte[] write(MessageLite message) throws IOException {
        byte[] bytes = new byte[message.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        message.writeTo(out);
        out.checkNoSpaceLeft();
        return bytes;
    }

    @SuppressWarnings("unchecked") // the parser of a default instance returns messages of its type
    private M parse(byte[] bytes) throws InvalidProtocolBufferException {
        return (M) messageClass.cast(parser.parseFrom(bytes, extensions));
    }

    /** Protobuf's messages about malformed bytes hold names and rules; what others say is not known. */
    private static CodecException failure(String task, Exception cause) {
        boolean known = cause instanceof InvalidProtocolBufferException;
        String reason = known ? cause.getMessage() : cause.getClass().getName();
        return new CodecException("Can't " + task + " Protobuf: " + reason, known ? cause : null);
    }
}
