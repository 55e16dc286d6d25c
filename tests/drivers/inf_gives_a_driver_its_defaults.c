/* SPDX-License-Identifier: MIT */
/* Defaults of an INF are what a driver reads, unless something else was set; in UTF-16 too. The
 * service of a device is what AddService says, where Ndi says something else.
 */
#include "inf.h"

#define OID_802_3_CURRENT_ADDRESS 0x01010102u

static const char values[] = "HKR, Ndi\\params\\NetworkAddress, type, 0, edit\n"
                             "HKR, Ndi\\params\\NetworkAddress, default, 0, %MacAddress%\n"
                             "HKR, Ndi\\params\\*ReceiveBuffers, type, 0, int\n"
                             "HKR, Ndi\\params\\*ReceiveBuffers, default, 0, 64\n";

static const char other[] = "HKR, Ndi, Service, 0, Other.Name\n"
                            "HKR, Ndi\\params\\NetworkAddress, default, 0, %MacAddress%\n";

static void
address(struct undis *machine, const char *set, unsigned char last)
{
    struct undis_stack_config config = {.size = sizeof(config)};
    struct undis_stack *stack;
    unsigned char mac[6];
    uint32_t length = sizeof(mac), status;
    const char *service;

    CHECK_OK(undis_driver_inf(machine, NULL, inf_path, &service));
    CHECK(strcmp(service, "portnic") == 0);
    if (set)
        CHECK_OK(undis_set(machine, service, "NetworkAddress", set));
    config.miniport = test_driver_as(machine, "portnic", service);
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    CHECK_OK(undis_stack_oid(stack, false, OID_802_3_CURRENT_ADDRESS, mac, &length, &status));
    CHECK_EQ(status, 0);
    CHECK_EQ(mac[0], 2);
    CHECK_EQ(mac[5], last);
    CHECK_EQ(undis_destroy(machine), 0);
}

/* As it is in the sources, before StampInf. */
static const char *
unstamped(const char *text)
{
    static char to[8192];
    size_t length = 0;

    while (*text) {
        bool here = strncmp(text, "amd64", 5) == 0;

        length += (size_t)snprintf(to + length, sizeof(to) - length, here ? "$ARCH$" : "%c", *text);
        text += here ? 5 : 1;
    }
    return to;
}

int
main(void)
{
    static unsigned char wide[16384];
    const char *text = inf_text("Net", "portnic", values);
    size_t size = 2;

    inf_put(text);
    address(test_machine(), NULL, 0x42);
    inf_put(inf_text("Net", "portnic", other));
    address(test_machine(), NULL, 0x42);
    inf_put(unstamped(text));
    address(test_machine(), NULL, 0x42);
    address(test_machine(), "020000000007", 7);
    wide[0] = 0xff;
    wide[1] = 0xfe;
    for (const char *c = text; *c; c++, size += 2)
        wide[size] = (unsigned char)*c;
    inf_write(wide, size);
    address(test_machine(), NULL, 0x42);
    return 0;
}
