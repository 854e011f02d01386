/** The store in memory, with which tests run: all of the contract of a store but the durability. */
@NullMarked
package dev.holdfast.test.memory;

import org.jspecify.annotations.NullMarked;
