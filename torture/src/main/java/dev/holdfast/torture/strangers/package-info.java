/** Sessions outside Holdfast that lock its rows and leave transactions open. */
@NullMarked
package dev.holdfast.torture.strangers;

import org.jspecify.annotations.NullMarked;
