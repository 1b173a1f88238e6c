package io.kvd.server.net;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import io.kvd.core.base.Bytes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Between our byte strings and Protobuf's, without copies: neither is ever written to. */
final class ProtoBytes {
    private ProtoBytes() {}

    static ByteString wrap(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.array(), bytes.offset(), bytes.length());
    }

    /** The bytes behind a string that was parsed by reference. */
    static Bytes view(ByteString string) {
        Window window = new Window();
        try {
            UnsafeByteOperations.unsafeWriteTo(string, window);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return window.bytes;
    }

    /** Catches the array that a string is a part of. Strings parsed from one array arrive in one piece. */
    private static final class Window extends ByteOutput {
        private Bytes bytes = Bytes.EMPTY;

        @Override
        public void writeLazy(byte[] value, int offset, int length) {
            bytes = Bytes.of(value, offset, length);
        }

        @Override
        public void write(byte value) {
            throw new AssertionError("a string in pieces");
        }

        @Override
        public void write(byte[] value, int offset, int length) {
            throw new AssertionError("a string that may change");
        }

        @Override
        public void write(ByteBuffer value) {
            throw new AssertionError("a string outside the heap");
        }

        @Override
        public void writeLazy(ByteBuffer value) {
            throw new AssertionError("a string outside the heap");
        }
    }
}
