/**
 * Makes the container image of the program, without a daemon and without a registry (ADR 38).
 *
 * <p>{@link dev.holdfast.image.ImageBuilder} puts the program on a base. Where that is {@code
 * scratch}, {@link dev.holdfast.image.JavaRuntime} adds the Java of this build, cut to the modules
 * that the program uses, and {@link dev.holdfast.image.SystemFiles} the shell and the libraries of
 * this machine that both need.
 */
@NullMarked
package dev.holdfast.image;

import org.jspecify.annotations.NullMarked;
