// Uploads with net/http: go run http_client.go form|body|chunked URL FILE NAME, prints the job.
package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func read(answer *http.Response) []byte {
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	check(err)
	if answer.StatusCode/100 != 2 {
		log.Fatal(answer.Status, " ", string(content))
	}
	return content
}

func main() {
	way, service, path, name := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	content, err := os.ReadFile(path)
	check(err)
	target := service + "/v1/jobs"
	kind := "image/x-portable-pixmap"
	var body io.Reader = bytes.NewReader(content)
	if way == "form" {
		var buffer bytes.Buffer
		form := multipart.NewWriter(&buffer)
		part, err := form.CreateFormFile("file", name)
		check(err)
		_, err = part.Write(content)
		check(err)
		check(form.Close())
		kind = form.FormDataContentType()
		body = &buffer
	} else {
		target += "?filename=" + url.QueryEscape(name)
	}
	if way == "chunked" {
		body = io.MultiReader(body) // Of a length that net/http does not know.
	}
	answer, err := http.Post(target, kind, body)
	check(err)
	text := read(answer)
	var job struct{ Original struct{ URL string } }
	check(json.Unmarshal(text, &job))
	original, err := http.Get(service + job.Original.URL)
	check(err)
	check(os.WriteFile(path+".back", read(original), 0o600))
	os.Stdout.Write(text)
}
