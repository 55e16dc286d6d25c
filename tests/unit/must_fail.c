/* SPDX-License-Identifier: MIT */
/* A test that fails is seen to fail: registered with WILL_FAIL. */
int
main(void)
{
    return 1;
}
