/**
 * Calling what strangers have named, without lending them this machine's place in its network.
 *
 * <p>A {@link dev.holdfast.handlers.outbound.Target} is a URL that may be called by its spelling;
 * {@code Addresses} knows which addresses lie in the open internet; {@link
 * dev.holdfast.handlers.outbound.Outbound} resolves a name once, and connects to the very addresses
 * that it has checked.
 */
@NullMarked
package dev.holdfast.handlers.outbound;

import org.jspecify.annotations.NullMarked;
