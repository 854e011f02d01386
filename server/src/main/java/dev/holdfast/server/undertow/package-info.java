/** The HTTP server under all this. Nothing outside of this package knows it. */
@NullMarked
package dev.holdfast.server.undertow;

import org.jspecify.annotations.NullMarked;
