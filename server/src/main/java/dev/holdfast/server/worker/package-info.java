/** The protocol for workers in any language: leases and acknowledgements over HTTP. */
@NullMarked
package dev.holdfast.server.worker;

import org.jspecify.annotations.NullMarked;
