#include "tests/fuzz/http_seeds.hpp"

namespace darkroom::fuzz {

std::vector<HttpSeed> http_seeds() {
  // The two bytes in front choose the pieces, see multipart_fuzzer.cpp.
  const std::string cut = "\x01\x02";
  const std::string part =
      "--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"";
  return {
      {"request_head", "get", "GET /v1/jobs/1?a=b&c=%20d HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"request_head", "post",
       "POST /v1/jobs HTTP/1.1\r\nHost: a:8000\r\nContent-Length: 5, 5\r\nExpect: 100-continue\r\n"
       "Content-Type: image/jpeg\r\nConnection: keep-alive, close\r\n\r\n"},
      {"request_head", "chunked",
       "POST http://a/v1?x?y HTTP/1.1\r\nhost:a\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"request_head", "old", "HEAD / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"},
      {"request_head", "folded", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n"},
      {"chunked", "usual", "5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\nGET / HTTP/1.1\r\n"},
      {"chunked", "trailers", "1\r\nx\r\n000\r\nA: b\r\nC: d\r\n\r\n"},
      {"chunked", "huge", "ffffffffffffffff\r\nx"},
      {"chunked", "bare", "5\nhello\n0\n\n"},
      {"multipart", "usual",
       cut + part +
           "\r\nContent-Type: image/jpeg\r\n\r\n\xFF\xD8\r\n--b\r\n\xFF\xD9\r\n--b0--\r\n"},
      {"multipart", "two",
       cut + "preamble\r\n--b0 \r\nContent-Disposition: form-data; name=preset\r\n\r\nsmall\r\n" +
           part + "\r\n\r\nx\r\n--b0--epilogue"},
      {"multipart", "folded",
       cut + "--b0\r\nContent-Disposition: form-data;\r\n name=\"a\";\r\n\tfilename*=utf-8''%41\r\n"
             "\r\n\r\n--b0--"},
      {"multipart", "bare", cut + "--b0\nContent-Disposition: form-data; name=a\n\nx\n--b0--"},
      {"values", "disposition", std::string(1, '\0') + R"(form-data; name="a\"b"; filename=c)"},
      {"values", "ranges",
       "\x01"
       "bytes=0-4, 10-, -500"},
      {"values", "address",
       "\x02"
       "2001:db8::/32"},
      {"values", "file",
       "\x03"
       "C:\\fakepath\\a \"b\" \xF0\x9F\x93\xB7.jpg"},
  };
}

}  // namespace darkroom::fuzz
