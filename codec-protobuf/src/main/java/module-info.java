/** Values as Protocol Buffers. */
module dev.tidemark.codec.protobuf {
    requires transitive dev.tidemark.store.api;
    requires transitive com.google.protobuf;

    exports dev.tidemark.codec.protobuf;
}
