#include "adapters/webhooks/address.hpp"

#include <catch2/catch.hpp>

using namespace tradecase::webhooks;

TEST_CASE("only addresses on the public internet are open to webhooks") {
  const char* const open[] = {"8.8.8.8",         "1.1.1.1",         "9.255.255.255",        "11.0.0.0",
                              "100.63.255.255",  "100.128.0.0",     "126.255.255.255",      "128.0.0.1",
                              "169.253.255.255", "169.255.0.0",     "172.15.255.255",       "172.32.0.0",
                              "192.0.1.0",       "192.167.255.255", "192.169.0.0",          "198.17.255.255",
                              "198.20.0.0",      "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e",
                              "2001:200::1",     "2003::1",         "2620:4f:7fff::1"};
  const char* const closed[] = {
      // this machine, nowhere
      "127.0.0.1", "127.255.255.255", "0.0.0.0", "0.1.2.3", "::1", "::",
      // private, carrier-grade NAT, link-local, ULA
      "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255", "100.64.0.1", "100.127.255.255",
      "169.254.0.1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fd12:3456::1",
      // metadata of clouds
      "169.254.169.254", "169.254.170.2", "fd00:ec2::254", "168.63.129.16", "100.100.100.200",
      // multicast, broadcast, reserved
      "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "ff02::1", "ff0e::1",
      // documentation, benchmarks, protocol assignments, 6to4, Teredo, NAT64, discard
      "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "198.19.255.255", "192.0.0.8", "192.88.99.1", "2001:db8::1", "3fff::1",
      "2002:7f00:1::", "2001::1", "2001:10::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "5f00::1",
      // an IPv4 address within an IPv6 one, also a public one
      "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1",
      // no address at all
      "", "localhost", "8.8.8", "8.8.8.8.8", "08.8.8.8", "256.1.1.1", "1.2.3.4:443", "[::1]", "::1%lo", "0x7f000001", "2130706433"};
  for (const char* address : open) {
    INFO(address);
    CHECK(is_public(std::string_view(address)));
  }
  for (const char* address : closed) {
    INFO(address);
    CHECK_FALSE(is_public(std::string_view(address)));
  }
}

TEST_CASE("a webhook's address is https, on the public internet, at an open port") {
  for (const char* url : {"https://hooks.partner.example/in", "https://hooks.partner.example", "https://hooks.partner.example:443/in?a=b",
                          "https://hooks.partner.example:8443/", "https://8.8.8.8/in", "https://[2606:4700:4700::1111]:8443/in"}) {
    INFO(url);
    CHECK_FALSE(url_problem(url, false));
    CHECK_FALSE(url_problem(url, true));
  }
  const std::string long_one = "https://hooks.partner.example/" + std::string(2000, 'a');
  for (const char* url : {"",
                          "hooks.partner.example",
                          "http://hooks.partner.example/in",
                          "HTTPS://hooks.partner.example/in",
                          "ftp://hooks.partner.example/in",
                          "file:///etc/passwd",
                          "https://",
                          "https:///in",
                          "https://user@hooks.partner.example/",
                          "https://user:word@hooks.partner.example/",
                          "https://hooks.partner.example/#part",
                          "https://hooks.partner.example:22/",
                          "https://hooks.partner.example:80/",
                          "https://hooks.partner.example:0/",
                          "https://hooks.partner.example:99999/",
                          "https://hooks.partner.example/a b",
                          "https://hooks.partner.example/\r\nX: 1",
                          "https://hö.example/",
                          "https://intranet/",
                          "https://localhost/",
                          "https://LOCALHOST:8443/",
                          "https://localhost./",
                          "https://a.localhost/",
                          "https://127.0.0.1/",
                          "https://127.1/",
                          "https://0x7f.1/",
                          "https://2130706433/",
                          "https://017700000001/",
                          "https://10.1.2.3/",
                          "https://169.254.169.254/latest/meta-data",
                          "https://[::1]/",
                          "https://[::ffff:127.0.0.1]/",
                          "https://[fd00::1]:8443/",
                          "https://[fe80::1%25eth0]/",
                          long_one.c_str()}) {
    INFO(url);
    CHECK(url_problem(url, false));
  }
}

TEST_CASE("a sandbox that says so has webhooks to this machine itself, and to nowhere else inside") {
  for (const char* url : {"http://127.0.0.1:9000/in", "http://localhost:9000/", "http://[::1]:9000/", "https://127.0.0.1:9443/"}) {
    INFO(url);
    CHECK_FALSE(url_problem(url, true));
    CHECK(url_problem(url, false));
  }
  for (const char* url : {"http://10.0.0.1/", "https://10.0.0.1/", "http://hooks.partner.example/", "https://169.254.169.254/"}) {
    INFO(url);
    CHECK(url_problem(url, true));
  }
}
